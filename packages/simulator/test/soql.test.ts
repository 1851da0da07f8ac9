import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { RecordStore } from '../src/rest/record-store.ts'
import { createRecordStore } from '../src/rest/record-store.ts'
import { findObject } from '../src/rest/schema.ts'
import { RestError } from '../src/rest/rest-error.ts'
import { runQuery } from '../src/soql/query.ts'

const ada = '005gK0000000001QAA'
const grace = '005gK0000000002QAA'

function seededStore(): RecordStore {
  return createRecordStore({
    now: () => Date.UTC(2026, 0, 15),
    records: {
      User: [
        {
          Id: ada,
          Username: 'ada@acme.example',
          FirstName: 'Ada',
          LastName: 'Byron',
          Email: 'a@b.example',
          IsActive: true,
        },
        { Id: grace, Username: 'grace@acme.example', FirstName: 'Grace', LastName: 'Murray', Email: 'g@b.example' },
      ],
      Account: [
        { Id: '001gK0000000001QAA', Name: 'Birch & Co', Industry: 'Retail', AnnualRevenue: 500, OwnerId: ada },
        { Id: '001gK0000000002QAA', Name: 'alder 100%', Industry: 'Energy', AnnualRevenue: 20, OwnerId: grace },
        { Id: '001gK0000000003QAA', Name: "O'Hara_Mills", AnnualRevenue: 3000.5, OwnerId: ada },
        { Id: '001gK0000000004QAA', Name: 'Cedar', Industry: 'Retail', OwnerId: grace },
      ],
      Contact: [
        { FirstName: 'Mia', LastName: 'Lund', AccountId: '001gK0000000001QAA' },
        { FirstName: 'Noah', LastName: 'Stray' },
      ],
    },
  })
}

function run(soql: string): ReturnType<typeof runQuery> {
  return runQuery(soql, { records: seededStore(), findObject, version: '68.0' })
}

function names(soql: string): unknown[] {
  return run(soql).records.map(({ Name }) => Name)
}

function refusal(soql: string): { code: string; message: string } {
  try {
    run(soql)
  } catch (error) {
    if (error instanceof RestError) return { code: error.code, message: error.message }
    throw error
  }
  throw new Error(`"${soql}" was answered`)
}

describe('a query', () => {
  it('returns the fields in schema spelling with attributes first', () => {
    const { totalSize, done, records } = run("select ID, name from ACCOUNT where NAME = 'cedar'")
    expect({ totalSize, done }).toEqual({ totalSize: 1, done: true })
    expect(JSON.stringify(records[0])).toBe(
      '{"attributes":{"type":"Account","url":"/services/data/v68.0/sobjects/Account/001gK0000000004QAA"},"Id":"001gK0000000004QAA","Name":"Cedar"}',
    )
  })

  it('nests parent fields as a record of their own', () => {
    const [first, second] = run(
      'SELECT LastName, Account.Name, Account.Industry FROM Contact ORDER BY LastName',
    ).records
    expect(first?.['Account']).toEqual({
      attributes: { type: 'Account', url: '/services/data/v68.0/sobjects/Account/001gK0000000001QAA' },
      Name: 'Birch & Co',
      Industry: 'Retail',
    })
    expect(second?.['Account']).toBeNull()
  })

  it('counts without returning records', () => {
    expect(run("SELECT COUNT() FROM Account WHERE Industry = 'retail'")).toEqual({
      totalSize: 2,
      done: true,
      records: [],
    })
  })

  it('accepts the object name in front of a field', () => {
    expect(names("SELECT Account.Name FROM Account WHERE Account.Name = 'Cedar'")).toEqual(['Cedar'])
  })
})

describe('WHERE', () => {
  it.each([
    ["Name = 'CEDAR'", ['Cedar']],
    ["Name != 'cedar' AND Industry = 'Retail'", ['Birch & Co']],
    ["Name <> 'cedar' AND Industry = 'Retail'", ['Birch & Co']],
    ["Industry != 'Retail'", ['alder 100%', "O'Hara_Mills"]],
    ['Industry = null', ["O'Hara_Mills"]],
    ['AnnualRevenue > 20', ['Birch & Co', "O'Hara_Mills"]],
    ['AnnualRevenue >= 20 AND AnnualRevenue < 500', ['alder 100%']],
    ['AnnualRevenue <= 20', ['alder 100%']],
    ['AnnualRevenue = 3000.5', ["O'Hara_Mills"]],
    ["Name < 'C'", ['alder 100%', 'Birch & Co']],
    ["Name LIKE 'b%'", ['Birch & Co']],
    ["Name LIKE '%AR'", ['Cedar']],
    ["Name LIKE '_edar'", ['Cedar']],
    [String.raw`Name LIKE '%\%'`, ['alder 100%']],
    [String.raw`Name LIKE '%a\_m%'`, ["O'Hara_Mills"]],
    [String.raw`Name LIKE '%a\_l%'`, []],
    [String.raw`Name = 'O\'Hara_Mills'`, ["O'Hara_Mills"]],
    [String.raw`Name = '\u0043edar'`, ['Cedar']],
    [String.raw`Name = 'Ce\ndar'`, []],
    [String.raw`Name = 'Ce\u200bdar'`, []],
    ["Name IN ('Cedar', 'nobody', 'alder 100%')", ['alder 100%', 'Cedar']],
    ["Name NOT IN ('Cedar', 'alder 100%')", ['Birch & Co', "O'Hara_Mills"]],
    ["NOT Name LIKE '%a%'", ['Birch & Co']],
    ["(Industry = 'Energy' OR Industry = null) AND AnnualRevenue > 100", ["O'Hara_Mills"]],
    ["Industry = 'Retail' AND (NOT (Name LIKE 'B%'))", ['Cedar']],
    ["Owner.Name = 'grace murray'", ['alder 100%', 'Cedar']],
    ["OwnerId = '005gK0000000001'", ['Birch & Co', "O'Hara_Mills"]],
    ["OwnerId IN ('005gK0000000002QAA')", ['alder 100%', 'Cedar']],
    ['IsDeleted = false', ['alder 100%', 'Birch & Co', 'Cedar', "O'Hara_Mills"]],
    ['CreatedDate > 2026-01-14T23:59:59Z', ['alder 100%', 'Birch & Co', 'Cedar', "O'Hara_Mills"]],
    ['CreatedDate = 2026-01-15T01:00:00+01:00', ['alder 100%', 'Birch & Co', 'Cedar', "O'Hara_Mills"]],
    ['CreatedDate < 2026-01-15T00:00:00.000Z', []],
  ])('%s selects %j', (where, expected) => {
    expect(names(`SELECT Name FROM Account WHERE ${where} ORDER BY Name`)).toEqual(expected)
  })
})

describe('ORDER BY, LIMIT and OFFSET', () => {
  it.each([
    ['ORDER BY Name', ['alder 100%', 'Birch & Co', 'Cedar', "O'Hara_Mills"]],
    ['ORDER BY Name DESC', ["O'Hara_Mills", 'Cedar', 'Birch & Co', 'alder 100%']],
    ['ORDER BY AnnualRevenue', ['Cedar', 'alder 100%', 'Birch & Co', "O'Hara_Mills"]],
    ['ORDER BY AnnualRevenue NULLS LAST', ['alder 100%', 'Birch & Co', "O'Hara_Mills", 'Cedar']],
    ['ORDER BY AnnualRevenue DESC', ['Cedar', "O'Hara_Mills", 'Birch & Co', 'alder 100%']],
    ['ORDER BY Industry NULLS LAST, Name DESC', ['alder 100%', 'Cedar', 'Birch & Co', "O'Hara_Mills"]],
    ['ORDER BY Owner.Name ASC NULLS FIRST, Name ASC', ['Birch & Co', "O'Hara_Mills", 'alder 100%', 'Cedar']],
    ['ORDER BY Name LIMIT 2', ['alder 100%', 'Birch & Co']],
    ['ORDER BY Name LIMIT 2 OFFSET 1', ['Birch & Co', 'Cedar']],
    ['ORDER BY Name OFFSET 3', ["O'Hara_Mills"]],
    ['LIMIT 0', []],
  ])('%s gives %j', (clause, expected) => {
    expect(names(`SELECT Name FROM Account ${clause}`)).toEqual(expected)
  })
})

describe('a query outside the subset or the schema', () => {
  it.each([
    ['', 'MALFORMED_QUERY', 'A query string has to be specified'],
    ['SELECT', 'MALFORMED_QUERY', "unexpected token: '<EOF>'"],
    ['DELETE FROM Account', 'MALFORMED_QUERY', "unexpected token: 'DELETE'"],
    ['SELECT FROM Account', 'MALFORMED_QUERY', "unexpected token: 'FROM'"],
    ['SELECT Id, FROM Account', 'MALFORMED_QUERY', "unexpected token: 'FROM'"],
    ['SELECT * FROM Account', 'MALFORMED_QUERY', "unexpected token: '*'"],
    ['SELECT Id Account', 'MALFORMED_QUERY', "unexpected token: 'Account'"],
    ['SELECT Id FROM Account WHERE', 'MALFORMED_QUERY', "unexpected token: '<EOF>'"],
    ["SELECT Id FROM Account WHERE (Name = 'a'", 'MALFORMED_QUERY', "unexpected token: '<EOF>'"],
    ["SELECT Id FROM Account WHERE Name == 'a'", 'MALFORMED_QUERY', "unexpected token: '='"],
    ['SELECT Id FROM Account WHERE Name = Name', 'MALFORMED_QUERY', "unexpected token: 'Name'"],
    ['SELECT Id FROM Account WHERE Name LIKE 5', 'MALFORMED_QUERY', "unexpected token: '5'"],
    ['SELECT Id FROM Account WHERE Name IN ()', 'MALFORMED_QUERY', "unexpected token: ')'"],
    [
      "SELECT Id FROM Account WHERE Name = 'a' AND Name = 'b' OR Name = 'c'",
      'MALFORMED_QUERY',
      "unexpected token: 'OR'",
    ],
    ["SELECT Id FROM Account WHERE Name = 'open", 'MALFORMED_QUERY', 'the string literal is not closed'],
    [String.raw`SELECT Id FROM Account WHERE Name = '\q'`, 'MALFORMED_QUERY', String.raw`Illegal escape sequence: \q`],
    ['SELECT Id FROM Account WHERE CreatedDate > 2026-13-40T00:00:00Z', 'MALFORMED_QUERY', 'Invalid date'],
    ['SELECT Id FROM Account LIMIT -1', 'MALFORMED_QUERY', "unexpected token: '-1'"],
    ['SELECT Id FROM Account LIMIT 5 LIMIT 6', 'MALFORMED_QUERY', "unexpected token: 'LIMIT'"],
    ['SELECT Id FROM Account OFFSET 2001', 'NUMBER_OUTSIDE_VALID_RANGE', 'Maximum SOQL offset allowed is 2000'],
    ['SELECT Id FROM Account GROUP BY Name', 'MALFORMED_QUERY', "unexpected token: 'GROUP'"],
    ['SELECT (SELECT Id FROM Contacts) FROM Account', 'MALFORMED_QUERY', "unexpected token: '('"],
    [`SELECT Id FROM Account WHERE ${'('.repeat(40_000)}`, 'MALFORMED_QUERY', 'nested more than'],
    [`SELECT Id FROM Account WHERE ${'NOT '.repeat(20_000)}`, 'MALFORMED_QUERY', 'nested more than'],
    [`SELECT Id FROM Account${' '.repeat(100_000)}`, 'MALFORMED_QUERY', 'longer than 100000'],
    ['SELECT Id FROM Spaceship', 'INVALID_TYPE', "sObject type 'Spaceship' is not supported"],
    ['SELECT Id FROM constructor', 'INVALID_TYPE', "sObject type 'constructor' is not supported"],
    ['SELECT Colour FROM Account', 'INVALID_FIELD', "No such column 'Colour' on entity 'Account'"],
    ['SELECT toString FROM Account', 'INVALID_FIELD', "No such column 'toString' on entity 'Account'"],
    ["SELECT Id FROM Account WHERE Colour = 'a'", 'INVALID_FIELD', "No such column 'Colour'"],
    ['SELECT Id FROM Account ORDER BY Colour', 'INVALID_FIELD', "No such column 'Colour'"],
    ['SELECT Owner.Colour FROM Account', 'INVALID_FIELD', "No such column 'Colour' on entity 'User'"],
    ['SELECT Pet.Name FROM Account', 'INVALID_FIELD', "Didn't understand relationship 'Pet'"],
    ['SELECT Account.Owner.Name FROM Contact', 'INVALID_FIELD', 'one level deep'],
    [
      'SELECT Id FROM Account WHERE Name = 5',
      'INVALID_FIELD',
      'must be of type string and should be enclosed in quotes',
    ],
    ["SELECT Id FROM Account WHERE AnnualRevenue = '5'", 'INVALID_FIELD', 'should not be enclosed in quotes'],
    ['SELECT Id FROM Account WHERE CreatedDate > 2026-01-01', 'INVALID_FIELD', 'must be of type datetime'],
    ["SELECT Id FROM Account WHERE Description = 'a'", 'INVALID_FIELD', 'can not be filtered'],
    ['SELECT Id FROM Account ORDER BY Description', 'INVALID_FIELD', 'can not be sorted'],
    [
      "SELECT Id FROM Account WHERE AnnualRevenue LIKE '5'",
      'INVALID_QUERY_FILTER_OPERATOR',
      'invalid operator on currency',
    ],
    ['SELECT Id FROM Account WHERE IsDeleted > false', 'INVALID_QUERY_FILTER_OPERATOR', 'invalid operator on boolean'],
    ["SELECT Id FROM Account WHERE Id = 'acme'", 'INVALID_QUERY_FILTER_OPERATOR', 'invalid ID field: acme'],
  ])('%.60s is %s: %s', (soql, code, message) => {
    const found = refusal(soql)
    expect(found.code).toBe(code)
    expect(found.message).toContain(message)
  })

  it('is told the row and the column of the fault', () => {
    const { message } = refusal("SELECT Id\nFROM Account\nWHERE Colour = 'red'")
    expect(message).toBe(
      "\nSELECT Id FROM Account WHERE Colour = 'red'\n                             ^\nERROR at Row:3:Column:7\nNo such column 'Colour' on entity 'Account'. If you are attempting to use a custom field, be sure to append the '__c' after the custom field name. Please reference your WSDL or the describe call for the appropriate names.",
    )
  })
})

describe('whatever the text', () => {
  const words = `SELECT Id Name Owner . , FROM Account WHERE ( ) = < LIKE IN NOT AND OR 'a%' ' 5 -1.5 null true 2026-01-01
    2026-01-01T00:00:00Z ORDER BY NULLS LAST DESC LIMIT OFFSET COUNT \\ é 😀 __proto__`
  const word = fc.constantFrom(...words.split(/\s+/))
  const outcome = (soql: string): 'answered' | 'refused' => {
    try {
      run(soql)
      return 'answered'
    } catch (error) {
      if (error instanceof RestError) return 'refused'
      throw error
    }
  }

  it('refuses arbitrary text with a typed error', () => {
    const check = fc.property(fc.string({ unit: 'binary', maxLength: 200 }), (text) => outcome(text) === 'refused')
    expect(fc.check(check, { numRuns: 500 }).failed).toBe(false)
  })

  it.each(['', "SELECT Id FROM Account WHERE Name = 'x'"])(
    'answers or refuses SOQL words in any order after "%s", and does both',
    (start) => {
      const seen = new Set<string>()
      const check = fc.property(fc.array(word, { maxLength: 30 }), (sequence) => {
        seen.add(outcome(`${start} ${sequence.join(' ')}`))
      })
      expect(fc.check(check, { numRuns: 1000, examples: [[['SELECT', 'Id', 'FROM', 'Account']], [[]]] }).failed).toBe(
        false,
      )
      expect(seen).toEqual(new Set(['answered', 'refused']))
    },
  )

  it('finds a record again by its own name, however it is spelled', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', minLength: 1, maxLength: 60 }), (name) => {
        const records = createRecordStore({
          now: () => 0,
          records: { Account: [{ Name: name }, { Name: `${name}x` }] },
        })
        const quoted = name.replaceAll(/[\\']/g, String.raw`\$&`)
        const found = runQuery(`SELECT Name FROM Account WHERE Name = '${quoted}'`, {
          records,
          findObject,
          version: '68.0',
        })
        expect(found.records.map((record) => record['Name'])).toContain(name)
        const pattern = name.replaceAll(/[\\'%_]/g, String.raw`\$&`)
        const like = runQuery(`SELECT COUNT() FROM Account WHERE Name LIKE '${pattern}%'`, {
          records,
          findObject,
          version: '68.0',
        })
        expect(like.totalSize).toBe(2)
      }),
    )
  })

  it('matches LIKE as the equivalent regular expression does', () => {
    const letters = fc.string({ unit: fc.constantFrom('a', 'b', 'B'), maxLength: 12 })
    const pattern = fc.string({ unit: fc.constantFrom('a', 'b', '%', '_'), maxLength: 12 })
    fc.assert(
      fc.property(letters, pattern, (text, like) => {
        const records = createRecordStore({ now: () => 0, records: { Account: [{ Name: `x${text}` }] } })
        const { totalSize } = runQuery(`SELECT COUNT() FROM Account WHERE Name LIKE 'x${like}'`, {
          records,
          findObject,
          version: '68.0',
        })
        const expression = new RegExp(`^x${like.replaceAll('%', '.*').replaceAll('_', '.')}$`, 'i')
        expect(totalSize).toBe(Number(expression.test(`x${text}`)))
      }),
      { numRuns: 1000 },
    )
  })
})
