import { Controller, Get, Header } from '@nestjs/common'
import { allOf, anyOf, requiresOrg, requiresProfile, requiresScope } from '@orgpass/core'
import type { Guard, RequestAuth } from '@orgpass/core'
import {
  Public,
  Requires,
  RequiresBearer,
  RequiresCustomPermission,
  RequiresOrg,
  RequiresPermissionSet,
  RequiresProfile,
  RequiresScope,
  RequiresUserType,
  Salesforce,
} from '../../src/index.ts'

const own: Guard = async () => ({ status: 402, headers: { 'content-type': 'text/plain' }, body: 'own' })

@Controller('guards')
export class Guards {
  @RequiresScope('api')
  @Get('scope')
  @Header('content-type', 'text/plain')
  scope(): string {
    return 'in'
  }

  @RequiresScope(['api', 'web'])
  @Get('scopes')
  scopes(): string {
    return 'in'
  }

  @RequiresOrg('production')
  @Get('org')
  org(): string {
    return 'in'
  }

  @RequiresProfile('Sales User')
  @Get('profile')
  profile(): string {
    return 'in'
  }

  @RequiresPermissionSet('Integrations')
  @Get('permission-set')
  permissionSet(): string {
    return 'in'
  }

  @RequiresCustomPermission('Approve_Discounts')
  @Get('custom-permission')
  customPermission(): string {
    return 'in'
  }

  @RequiresUserType('CSP_LITE_PORTAL')
  @Get('user-type')
  userType(): string {
    return 'in'
  }

  @Requires(anyOf(requiresProfile('Sales User'), requiresOrg('production')))
  @Get('any')
  any(): string {
    return 'in'
  }

  @Requires(allOf(requiresScope('api'), requiresOrg('sandbox')))
  @Get('all')
  all(): string {
    return 'in'
  }

  @Public()
  @Requires(own)
  @Get('own')
  own(): string {
    return 'in'
  }
}

@RequiresBearer()
@Controller('api')
export class Api {
  @RequiresScope('api')
  @Get()
  claims(@Salesforce() salesforce: RequestAuth): unknown {
    return salesforce.bearer()
  }

  @RequiresScope('chatbot_api')
  @Get('chat')
  chat(): string {
    return 'in'
  }
}
