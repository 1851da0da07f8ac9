import { expect, it } from 'vitest'
import { replyData, replyHeaders } from '../../src/http/reply.ts'

const json = { 'content-type': 'application/json; charset=utf-8' }

it('the headers of a reply say where it leads, when it leads anywhere', () => {
  expect(replyHeaders({ status: 302, location: '/login', headers: { 'cache-control': 'no-store' } })).toEqual({
    'cache-control': 'no-store',
    location: '/login',
  })
  expect(replyHeaders({ status: 204 })).toEqual({})
})

it('the data of a reply are what its JSON says, and else its text', () => {
  expect(replyData({ status: 403, headers: json, body: '{"error":"request/forbidden"}' })).toEqual({
    error: 'request/forbidden',
  })
  expect(replyData({ status: 200, headers: { 'content-type': 'text/html' }, body: '{}' })).toBe('{}')
  expect(replyData({ status: 302, location: '/login' })).toBe('')
})
