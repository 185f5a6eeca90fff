-- Asks whether a request may go out now, and if so books it; repeated with the same token it says so again.
-- KEYS: 1 slots in flight (sorted set: token by end of lease), 2 log of identical requests (list of ms, newest
--       first), 3 account, 4 log of all requests of this endpoint (likewise)
-- ARGV: 1 token of the slot, 2 most requests in flight for this caller, 3 lease of the slot in ms, 4 most
--       identical requests in the window (0: no such rule), 5 window in ms, 6 digest of the credentials,
--       7 now (ms, 0: the server's clock), 8 most requests of any content in the window (0: no such rule),
--       9 1 when the request spends no money
-- Returns {'granted', stamp, 1 if this request probes the account}; or {rule, ms to wait, reason}: 'paused'
-- (the account), 'identical', 'any', 'in_flight' (0 ms: nobody knows when a slot comes free).
local now = tonumber(ARGV[7])
if now == 0 then local t = redis.call('TIME'); now = t[1] * 1000 + math.floor(t[2] / 1000) end
local held = redis.call('ZSCORE', KEYS[1], ARGV[1])
if held then return {'granted', tonumber(held) - tonumber(ARGV[3]), 0} end
local account = redis.call('HMGET', KEYS[3], 'pause_until', 'pause_reason', 'proven', 'pause_credentials')
local left = tonumber(account[1] or '0') - now
-- Who has no money may ask how much that is.
local free = ARGV[9] == '1' and left > 0 and account[2] == 'no_money'
-- Wrong credentials pause those who use them, not a worker that has the right ones.
if left > 0 and not free and (account[2] ~= 'auth' or not account[4] or account[4] == ARGV[6]) then
  return {'paused', left, account[2] or ''}
end
-- Until these credentials have worked once, and after a pause, one request at a time finds out: a provider bans
-- whoever fails many times.
local probing = not free and account[3] ~= ARGV[6]
local limit = probing and 1 or tonumber(ARGV[2])
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', now)
if redis.call('ZCARD', KEYS[1]) >= limit then return {'in_flight', 0, probing and 'probing' or ''} end
local window = tonumber(ARGV[5])
local logs = {{'identical', KEYS[2], tonumber(ARGV[4])}, {'any', KEYS[4], tonumber(ARGV[8])}}
for _, log in ipairs(logs) do
  local oldest = log[3] > 0 and redis.call('LINDEX', log[2], log[3] - 1)
  if oldest and tonumber(oldest) + window > now then return {log[1], tonumber(oldest) + window - now, ''} end
end
for _, log in ipairs(logs) do
  if log[3] > 0 then
    redis.call('LPUSH', log[2], now)
    redis.call('LTRIM', log[2], 0, log[3] - 1)
    redis.call('PEXPIRE', log[2], window)
  end
end
redis.call('ZADD', KEYS[1], now + tonumber(ARGV[3]), ARGV[1])
return {'granted', now, probing and 1 or 0}
