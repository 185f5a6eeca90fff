#!lua flags=allow-oom
-- Runs on a full server too: what was paid for must be written down.
-- Moves a batch to another state, with everything that changes with it, or does nothing at all.
-- KEYS: 1 batch, 2 campaign (missing for a message), 3 open batches, 4 timer, 5 gauges, 6 totals,
--       7 in doubt, 8 held, 9 the account's batches in doubt by their next look-up
-- ARGV: 1 batch id, 2 fencing token, 3 rev of the results that the change was computed from (empty: it changes
--       none), 4 allowed present states between commas, 5 new state, 6 timer: '' removes the entry, else ms from
--       now to the next step (for a batch in doubt: its look-up), 7 now (ms, 0: the server's clock), 8 number of batch fields, 9 number of campaign
--       counters, 10 number of totals, 11 account, then the three lists of name, value; counters and totals are added.
-- Returns {'moved', rev}; {'fenced', state, 1 if the token still counts} (another owner or state: nothing was
-- changed);
-- {'stopped', campaign state} (its campaign was paused or cancelled before the request went out);
-- {'stale', rev, results} (results were changed meanwhile: compute again).
local b = redis.call('HMGET', KEYS[1], 'state', 'token', 'rev', 'results')
local state = b[1]
if not state or b[2] ~= ARGV[2] or not string.find(',' .. ARGV[4] .. ',', ',' .. state .. ',', 1, true) then
  return {'fenced', state or 'gone', b[2] == ARGV[2] and 1 or 0}
end
local new, entry = ARGV[5], 'send|' .. ARGV[1]
if new == 'sending' then
  local campaign = redis.call('HGET', KEYS[2], 'state')
  if campaign == 'paused' or campaign == 'cancelled' then return {'stopped', campaign} end
end
local rev = tonumber(b[3])
if ARGV[3] ~= '' then
  if rev ~= tonumber(ARGV[3]) then return {'stale', rev, b[4] or ''} end
  rev = rev + 1
end
local now = tonumber(ARGV[7])
if now == 0 then local t = redis.call('TIME'); now = t[1] * 1000 + math.floor(t[2] / 1000) end
redis.call('HSET', KEYS[1], 'state', new, 'rev', rev, 'changed', now)
local due = ARGV[6] ~= '' and now + tonumber(ARGV[6])
if due and new == 'in_doubt' then
  -- Look-ups go by account, many batches in one request: the entry on the timer is the account's.
  redis.call('ZREM', KEYS[4], entry)
  redis.call('ZADD', KEYS[9], due, ARGV[1])
  redis.call('ZADD', KEYS[4], 'LT', due, 'reconcile|' .. ARGV[11])
elseif due then
  redis.call('ZADD', KEYS[4], due, entry)
else
  redis.call('ZREM', KEYS[4], entry)
end
if new == 'sending' then
  if due then redis.call('HSET', KEYS[1], 'lease', due) end
elseif new ~= 'claimed' then redis.call('HSET', KEYS[1], 'lease', 0) end
if new ~= state then
  redis.call('HINCRBY', KEYS[5], state, -1)
  redis.call('HINCRBY', KEYS[5], new, 1)
  if new == 'queued' then
    if redis.call('EXISTS', KEYS[2]) == 1 then redis.call('SADD', KEYS[3], ARGV[1]) end
  elseif new ~= 'claimed' and new ~= 'sending' then
    redis.call('SREM', KEYS[3], ARGV[1])
  end
  if new == 'in_doubt' then redis.call('ZADD', KEYS[7], now, ARGV[1])
  elseif state == 'in_doubt' then
    redis.call('ZREM', KEYS[7], ARGV[1])
    redis.call('ZREM', KEYS[9], ARGV[1])
  end
  if new == 'held' then redis.call('ZADD', KEYS[8], now, ARGV[1])
  elseif state == 'held' then redis.call('ZREM', KEYS[8], ARGV[1]) end
end
local at = 12
local fields, counters, totals = tonumber(ARGV[8]), tonumber(ARGV[9]), tonumber(ARGV[10])
if fields > 0 then redis.call('HSET', KEYS[1], unpack(ARGV, at, at + 2 * fields - 1)) end
at = at + 2 * fields
if counters > 0 and redis.call('EXISTS', KEYS[2]) == 1 then
  for i = at, at + 2 * counters - 1, 2 do redis.call('HINCRBY', KEYS[2], ARGV[i], ARGV[i + 1]) end
end
at = at + 2 * counters
for i = at, at + 2 * totals - 1, 2 do redis.call('HINCRBY', KEYS[6], ARGV[i], ARGV[i + 1]) end
return {'moved', rev}
