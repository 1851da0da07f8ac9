import { describeFlavour } from './flavour.ts'

await describeFlavour('valkey')
