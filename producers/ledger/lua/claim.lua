-- Gives a batch to one worker for the length of a lease, under a new fencing token.
-- KEYS: 1 batch, 2 campaign (missing for a message), 3 timer, 4 gauges
-- ARGV: 1 batch id, 2 lease in ms, 3 newest job version that the worker reads, 4 ms to park a newer job,
--       5 nonce of this claim: repeated after a lost reply it gives the same claim again,
--       6 now (ms, 0: the server's clock)
-- Returns {'claimed', state before, token, attempt, rev, job, phones, segments, texts, results, provider id,
-- ids of former attempts, id of an attempt that was in doubt, '1' to send by mail, claimed at ms}; or {'gone'}, {'busy'}, {'paused'}, {'newer'}, {'idle', state}.
-- A batch in 'sending' whose lease has ended is claimed too: the new owner must treat it as in doubt, and the
-- old one, should it wake up, holds a token that no longer counts.
local now = tonumber(ARGV[6])
if now == 0 then local t = redis.call('TIME'); now = t[1] * 1000 + math.floor(t[2] / 1000) end
local b = redis.call('HMGET', KEYS[1], 'state', 'lease', 'version', 'token', 'attempt', 'rev', 'job', 'phones',
  'segments', 'texts', 'results', 'provider_id', 'nonce', 'before', 'ids',
  'doubted', 'by_mail')
local entry = 'send|' .. ARGV[1]
local state = b[1]
if not state then redis.call('ZREM', KEYS[3], entry) return {'gone'} end
if state ~= 'queued' and state ~= 'claimed' and state ~= 'sending' then return {'idle', state} end
local function granted(before, token)
  return {'claimed', before, token, tonumber(b[5]), tonumber(b[6]), b[7], b[8], b[9], b[10] or '', b[11] or '',
    b[12] or '', b[15] or '', b[16] or '', b[17] or '', now}
end
if state ~= 'queued' and tonumber(b[2]) > now then
  if b[13] == ARGV[5] then return granted(b[14], tonumber(b[4])) end
  return {'busy'}
end
if tonumber(b[3]) > tonumber(ARGV[3]) then
  redis.call('HSET', KEYS[1], 'reason', 'newer_job_version')
  redis.call('ZADD', KEYS[3], now + tonumber(ARGV[4]), entry)
  return {'newer'}
end
if state ~= 'sending' then
  if redis.call('HGET', KEYS[2], 'state') == 'paused' then
    -- Resuming puts the entry back. A cancelled campaign's batch is claimed, to be cancelled by its owner.
    redis.call('ZREM', KEYS[3], entry)
    return {'paused'}
  end
end
local token = tonumber(b[4]) + 1
local lease = now + tonumber(ARGV[2])
local claimed = state == 'sending' and 'sending' or 'claimed'
redis.call('HSET', KEYS[1], 'state', claimed, 'token', token, 'lease', lease, 'nonce', ARGV[5], 'before', state)
redis.call('ZADD', KEYS[3], lease, entry)
if state ~= claimed then
  redis.call('HINCRBY', KEYS[4], state, -1)
  redis.call('HINCRBY', KEYS[4], claimed, 1)
end
return granted(state, token)
