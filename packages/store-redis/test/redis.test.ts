import { describeFlavour } from './flavour.ts'

await describeFlavour('redis')
