/** A Lua script: Redis runs it as one step, and its own clock is the only one that counts. */
export interface Script {
  readonly source: string
  /** What Redis knows it by. */
  hash(): Promise<string>
}

function script(source: string): Script {
  let known: Promise<string> | undefined
  return { source, hash: () => (known ??= sha1(source)) }
}

async function sha1(text: string): Promise<string> {
  const digest = await crypto.subtle.digest('SHA-1', new TextEncoder().encode(text))
  return [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, '0')).join('')
}

const NOW = `local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)`

/**
 * Answers 0, and writes nothing, when the fence is not the newest holder's. Forgets a few keys that have ended, for
 * each that it writes, so that they do not pile up.
 * KEYS: value, newest fence, all keys with an owner, the owner's keys.
 * ARGV: value, ttl, fence or '', '1' with an owner, key, what values' names begin with.
 */
export const SET: Script = script(`
if ARGV[3] ~= '' and redis.call('GET', KEYS[2]) ~= ARGV[3] then return 0 end
local ttl = tonumber(ARGV[2])
local list = ARGV[4] == '1' and ttl > 0 and KEYS[4] or ''
local before = redis.call('HGET', KEYS[1], 'o')
if ttl <= 0 then
  redis.call('DEL', KEYS[1])
else
  -- First what a full server refuses: nothing may be half written.
  redis.call('HSET', KEYS[1], 'v', ARGV[1], 'o', list)
  redis.call('PEXPIRE', KEYS[1], ARGV[2])
end
if before and before ~= '' and before ~= list then redis.call('ZREM', before, ARGV[5]) end
if list == '' then
  if before ~= '' then redis.call('ZREM', KEYS[3], ARGV[5]) end
  return 1
end
${NOW}
redis.call('ZADD', list, now + ttl, ARGV[5])
if redis.call('PTTL', list) < ttl then redis.call('PEXPIRE', list, ARGV[2]) end
redis.call('ZADD', KEYS[3], 0, ARGV[5])
for _, key in ipairs(redis.call('ZRANDMEMBER', KEYS[3], 3)) do
  if redis.call('EXISTS', ARGV[6] .. key) == 0 then redis.call('ZREM', KEYS[3], key) end
end
return 1`)

/** KEYS: value, all keys with an owner. ARGV: key. */
export const DELETE: Script = script(`
local list = redis.call('HGET', KEYS[1], 'o')
if list and list ~= '' then redis.call('ZREM', list, ARGV[1]) end
redis.call('ZREM', KEYS[2], ARGV[1])
return redis.call('DEL', KEYS[1])`)

/** KEYS: the owner's keys. */
export const LIST: Script = script(`
${NOW}
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', now)
return redis.call('ZRANGE', KEYS[1], 0, -1)`)

/**
 * Answers where to go on ('' at the end) and the keys of a page that are there; forgets those that have ended.
 * KEYS: all keys with an owner. ARGV: from where, as ZRANGEBYLEX wants it; how many; what values' names begin with.
 */
export const PAGE: Script = script(`
local page = redis.call('ZRANGEBYLEX', KEYS[1], ARGV[1], '+', 'LIMIT', 0, ARGV[2])
local answer = { #page == tonumber(ARGV[2]) and page[#page] or '' }
for _, key in ipairs(page) do
  if redis.call('EXISTS', ARGV[3] .. key) == 1 then
    answer[#answer + 1] = key
  else
    redis.call('ZREM', KEYS[1], key)
  end
end
return answer`)

/** Answers the fence, or '' while somebody holds the lock. KEYS: lock, newest fence. ARGV: lease, how long the fence is known. */
export const ACQUIRE: Script = script(`
if redis.call('EXISTS', KEYS[1]) == 1 then return '' end
local time = redis.call('TIME')
local last = tonumber(redis.call('GET', KEYS[2]) or '0')
local fence = string.format('%.0f', math.max(time[1] * 1000000 + time[2], last + 1))
redis.call('SET', KEYS[2], fence, 'PX', ARGV[2])
redis.call('SET', KEYS[1], fence, 'PX', ARGV[1])
return fence`)

/** KEYS: lock, newest fence. ARGV: fence, lease, how long the fence is known. */
export const RENEW: Script = script(`
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
redis.call('PEXPIRE', KEYS[1], ARGV[2])
redis.call('PEXPIRE', KEYS[2], ARGV[3])
return 1`)

/** KEYS: lock. ARGV: fence. */
export const RELEASE: Script = script(`
if redis.call('GET', KEYS[1]) == ARGV[1] then return redis.call('DEL', KEYS[1]) end
return 0`)
