import { ConfigError } from '@orgpass/core'
import { describeMisuse } from '@orgpass/testing/adapter'
import * as adapter from '../src/index.ts'

describeMisuse(adapter, ConfigError)
