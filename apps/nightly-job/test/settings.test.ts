import { describe, expect, it } from 'vitest'
import { readSettings, SettingsError } from '../src/settings.ts'

const org = {
  SALESFORCE_LOGIN_URL: 'https://acme.my.salesforce.com',
  SALESFORCE_CLIENT_ID: '3MVG9',
  SALESFORCE_USERNAME: 'job@acme.example',
  SALESFORCE_PRIVATE_KEY: '-----BEGIN PRIVATE KEY-----',
}

describe('the settings', () => {
  it('leave the org to the simulator when nothing about Salesforce is said', () => {
    expect(readSettings({ HOME: '/home/job' })).toEqual({ report: 'contacts-per-account-simulator' })
  })

  it('name the org when all four variables are set', () => {
    expect(readSettings({ ...org, JOB_REPORT: '/var/report' })).toMatchObject({
      org: { loginUrl: 'https://acme.my.salesforce.com', username: 'job@acme.example' },
      report: '/var/report',
    })
  })

  it.each([undefined, ' '])('name a report of their own for an org when JOB_REPORT is %j', (name) => {
    expect(readSettings({ ...org, JOB_REPORT: name }).report).toBe('contacts-per-account')
  })

  it.each(Object.keys(org))('are refused without %s, or when it is empty', (name) => {
    expect(() => readSettings({ ...org, [name]: ' ' })).toThrow(SettingsError)
    expect(() => readSettings({ ...org, [name]: undefined })).toThrow(new RegExp(`^${name} missing`))
  })
})
