const labels = new Map([
  ['address', 'See your postal address'],
  ['api', 'Read and change your data through the APIs'],
  ['chatter_api', 'Use the Connect API for you'],
  ['content', 'Open your files'],
  ['custom_permissions', 'See your custom permissions'],
  ['email', 'See your e-mail address'],
  ['full', 'Do everything you may do'],
  ['id', 'See your identity: name, org and contact data'],
  ['lightning', 'Open Lightning apps as you'],
  ['offline_access', 'Keep access while you are away'],
  ['openid', 'Confirm who you are'],
  ['phone', 'See your phone number'],
  ['profile', 'See your basic profile'],
  ['refresh_token', 'Keep access while you are away'],
  ['visualforce', 'Open Visualforce pages as you'],
  ['web', 'Open Salesforce in a browser as you'],
])

/** What a scope lets the app do, for a person who decides. */
export function scopeLabel(scope: string): string {
  return labels.get(scope) ?? 'Use one more service for you'
}
