#!lua flags=allow-oom
-- Runs on a full server too: a slot must not be lost to it.
-- Gives a slot back and keeps what the answer says of the account.
-- KEYS: 1 slots in flight, 2 log of identical requests, 3 account, 4 log of all requests of the endpoint
-- ARGV: 1 token of the slot, 2 stamp to strike from the logs because surely nothing was sent (0: keep it),
--       3 'works', 'proven', 'pause' or '', 4 digest of the credentials that worked, or ms of the pause,
--       5 reason, 6 now (ms, 0: the server's clock), 7 1 when the answer was an error, 8 errors in a row after
--       which the account pauses by itself (0: never), 9 ms in which they count and for which it then pauses,
--       10 digest of the credentials that were used, 11 ms for which the slot stays taken (0: it comes free),
--       12 stamp of the permit when the request left later than it was logged (0: it didn't), 13 ms later,
--       14 window in ms
-- Returns 1.
local now = tonumber(ARGV[6])
if now == 0 then local t = redis.call('TIME'); now = t[1] * 1000 + math.floor(t[2] / 1000) end
if ARGV[11] ~= '0' then
  redis.call('ZADD', KEYS[1], 'XX', now + tonumber(ARGV[11]), ARGV[1])
else
  redis.call('ZREM', KEYS[1], ARGV[1])
end
if ARGV[2] ~= '0' then
  redis.call('LREM', KEYS[2], 1, ARGV[2])
  redis.call('LREM', KEYS[4], 1, ARGV[2])
end
if ARGV[12] ~= '0' then
  local moment = tonumber(ARGV[12]) + tonumber(ARGV[13])
  for _, log in ipairs({KEYS[2], KEYS[4]}) do
    if redis.call('LREM', log, 1, ARGV[12]) == 1 then
      redis.call('LPUSH', log, moment)
      redis.call('PEXPIRE', log, ARGV[14])
    end
  end
end
local function pause(length, reason)
  local old = tonumber(redis.call('HGET', KEYS[3], 'pause_until') or '0')
  redis.call('HSET', KEYS[3], 'pause_until', math.max(old, now + length), 'pause_reason', reason,
    'pause_credentials', ARGV[10])
  if redis.call('HGET', KEYS[3], 'proven') == ARGV[10] then redis.call('HDEL', KEYS[3], 'proven') end
end
if ARGV[7] == '1' then
  local since = tonumber(redis.call('HGET', KEYS[3], 'errors_since') or '0')
  if now - since > tonumber(ARGV[9]) then
    redis.call('HSET', KEYS[3], 'errors_since', now, 'errors', 0)
  end
  local errors = redis.call('HINCRBY', KEYS[3], 'errors', 1)
  if tonumber(ARGV[8]) > 0 and errors >= tonumber(ARGV[8]) then
    pause(tonumber(ARGV[9]), 'many_errors')
    redis.call('HDEL', KEYS[3], 'errors', 'errors_since')
    return 1
  end
elseif ARGV[3] == 'works' or ARGV[3] == 'proven' then
  redis.call('HDEL', KEYS[3], 'errors', 'errors_since')
end
if ARGV[3] == 'proven' then
  redis.call('HSET', KEYS[3], 'proven', ARGV[4])
  redis.call('HDEL', KEYS[3], 'pause_until', 'pause_reason', 'pause_credentials')
elseif ARGV[3] == 'pause' then
  pause(tonumber(ARGV[4]), ARGV[5])
end
return 1
