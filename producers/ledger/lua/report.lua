#!lua flags=allow-oom
-- Records what the provider reported of a batch's recipients after it took them. Beside any claim: what changes
-- is guarded by the version of the results, and states never move backwards.
-- KEYS: 1 batch, 2 campaign (missing for a message), 3 totals, 4 timer
-- ARGV: 1 rev of the results that the change was computed from, 2 the new results (empty: nothing new), 3 number
--       of campaign counters, 4 number of totals, 5 now (ms, 0: the server's clock), 6 batch id, 7 what the network says of
--       recipients (empty: nothing new), then the two lists of name,
--       value, which are added. A poll of the batch that waits on the timer is done with this.
-- Returns {'recorded', rev}; {'stale', rev, results} (changed meanwhile: compute again); {'gone'}.
local b = redis.call('HMGET', KEYS[1], 'rev', 'results')
if not b[1] then return {'gone'} end
if b[1] ~= ARGV[1] then return {'stale', tonumber(b[1]), b[2] or ''} end
local now = tonumber(ARGV[5])
if now == 0 then local t = redis.call('TIME'); now = t[1] * 1000 + math.floor(t[2] / 1000) end
redis.call('HSET', KEYS[1], 'reported', now)
if ARGV[7] ~= '' then redis.call('HSET', KEYS[1], 'hlr', ARGV[7]) end
redis.call('ZREM', KEYS[4], 'poll|' .. ARGV[6])
if ARGV[2] == '' then return {'recorded', tonumber(b[1])} end
local rev = tonumber(b[1]) + 1
redis.call('HSET', KEYS[1], 'results', ARGV[2], 'rev', rev)
local counters, totals = tonumber(ARGV[3]), tonumber(ARGV[4])
local at = 8
if counters > 0 and redis.call('EXISTS', KEYS[2]) == 1 then
  for i = at, at + 2 * counters - 1, 2 do redis.call('HINCRBY', KEYS[2], ARGV[i], ARGV[i + 1]) end
end
at = at + 2 * counters
for i = at, at + 2 * totals - 1, 2 do redis.call('HINCRBY', KEYS[3], ARGV[i], ARGV[i + 1]) end
return {'recorded', rev}
