/** What to write instead, by the member at fault. */
export const hintsByMember: Readonly<Record<string, string>> = {
  seed: 'A seed is a JSON object: {"orgs": […], "apps": […]}.',
  app: 'Changes are an object of policies: {"refreshTokenRotation": true}.',
  user: 'Changes are an object of user fields: {"active": false}.',
  org: 'Changes are an object of org fields: {"status": "locked"}.',
  orgs: 'List orgs as objects: {"name": "Globex", "users": [{"username": "hank@globex.example"}]}.',
  apps: 'List apps as objects: {"label": "My app", "callbackUrls": ["http://localhost:3000/auth/callback"]}.',
  users: 'Give every org at least one user: [{"username": "hank@globex.example"}].',
  sites: 'List sites as objects: {"name": "Customers", "path": "customers"}.',
  callbackUrls: 'List at least one callback: ["http://localhost:3000/auth/callback"].',
  scopes: 'List at least one scope: ["openid", "api", "refresh_token"].',
  records: 'Write records by object: {"Account": [{"Name": "Globex"}]}; fields hold text, numbers, booleans or null.',
  refreshTokenPolicy:
    'Write {"kind": "untilRevoked"}, {"kind": "immediately"}, {"kind": "idle", "afterMs": 86400000} or {"kind": "lifetime", "afterMs": 86400000}.',
  customAttributes: 'Write an object of texts: {"department": "Sales"}.',
  flows: 'Write an object of true and false: {"webServer": true, "refreshToken": false}.',
  password: 'Write a password, or leave it out for "simulator".',
}

/** The same by the type that was expected. */
export const hintsByType: Readonly<Record<string, string>> = {
  boolean: 'Write true or false without quotes.',
  number: 'Write a number without quotes; durations are milliseconds.',
  string: 'Write text in double quotes.',
  array: 'Write a list in square brackets, even for one entry.',
}
