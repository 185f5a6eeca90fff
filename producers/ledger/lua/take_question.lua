-- Gives a question to one worker for the length of a lease, under a new fencing token.
-- KEYS: 1 record, 2 timer
-- ARGV: 1 id, 2 lease in ms, 3 nonce: repeated after a lost reply it gives the same again, 4 now (ms, 0: the
--       server's clock)
-- Returns {'taken', token, account, provider, question, ms left, 1 if a former owner may have asked it, step}; or {'gone'},
-- {'busy'}, {'idle'}, {'late'} (nobody waits for it any more).
local now = tonumber(ARGV[4])
if now == 0 then local t = redis.call('TIME'); now = t[1] * 1000 + math.floor(t[2] / 1000) end
local entry = 'ask|' .. ARGV[1]
local r = redis.call('HMGET', KEYS[1], 'state', 'token', 'lease', 'nonce', 'account', 'question', 'deadline',
  'intent', 'step', 'provider')
local state = r[1]
if not state then redis.call('ZREM', KEYS[2], entry) return {'gone'} end
if state ~= 'asked' and state ~= 'asking' then redis.call('ZREM', KEYS[2], entry) return {'idle'} end
local doubtful = r[8] == '1' and 1 or 0
local left = tonumber(r[7]) - now
if state == 'asking' and tonumber(r[3]) > now then
  if r[4] == ARGV[3] then return {'taken', tonumber(r[2]), r[5], r[10], r[6], left, doubtful, r[9] or ''} end
  return {'busy'}
end
if left <= 0 and doubtful == 0 then
  redis.call('HSET', KEYS[1], 'state', 'failed', 'code', 'deadline', 'answered_at', now)
  redis.call('ZREM', KEYS[2], entry)
  return {'late'}
end
local token = tonumber(r[2]) + 1
local lease = now + tonumber(ARGV[2])
redis.call('HSET', KEYS[1], 'state', 'asking', 'token', token, 'lease', lease, 'nonce', ARGV[3])
redis.call('ZADD', KEYS[2], lease, entry)
return {'taken', token, r[5], r[10], r[6], left, doubtful, r[9] or ''}
