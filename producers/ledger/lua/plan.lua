-- Adds the n-th batch to a campaign that is being planned; safe to repeat.
-- KEYS: 1 campaign, 2 batch, 3 gauges
-- ARGV: 1 n, 2 digest of the batch's recipients, 3 recipients, 4 segments, then field, value ... of the batch
-- Returns 'added'; 'same' (was there with this digest); 'differs' (was there with another one);
-- 'gap' (batch n-1 isn't there yet); 'closed' (planning has ended, or was cancelled); 'gone' (no such campaign).
local state = redis.call('HGET', KEYS[1], 'state')
if not state then return 'gone' end
local n = tonumber(ARGV[1])
local planned = tonumber(redis.call('HGET', KEYS[1], 'planned') or '0')
if n < planned then
  -- A cancelled or archived batch may be gone: what was planned once is never planned again.
  local digest = redis.call('HGET', KEYS[2], 'digest')
  if digest and digest ~= ARGV[2] then return 'differs' end
  return 'same'
end
if state == 'cancelled' or redis.call('HGET', KEYS[1], 'complete') == '1' then return 'closed' end
if n > planned then return 'gap' end
redis.call('HSET', KEYS[2], 'digest', ARGV[2], 'state', 'planned', 'token', 0, 'attempt', 0, 'rev', 0,
  unpack(ARGV, 5))
redis.call('HINCRBY', KEYS[1], 'planned', 1)
redis.call('HINCRBY', KEYS[1], 'n.total', ARGV[3])
redis.call('HINCRBY', KEYS[1], 'n.pending', ARGV[3])
redis.call('HINCRBY', KEYS[1], 'segments', ARGV[4])
redis.call('HINCRBY', KEYS[3], 'planned', 1)
return 'added'
