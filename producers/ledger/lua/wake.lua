-- Puts wake-ups on a queue in the form of Dramatiq 2 for Redis. A wake-up with the id of one that has not been
-- acknowledged yet is left out, so that repeating the call adds nothing.
-- KEYS: 1 the queue's list of ids, 2 its hash of bodies
-- ARGV: id, body ...
-- Returns how many were added.
local added = 0
for i = 1, #ARGV, 2 do
  if redis.call('HSETNX', KEYS[2], ARGV[i], ARGV[i + 1]) == 1 then
    redis.call('RPUSH', KEYS[1], ARGV[i])
    added = added + 1
  end
end
return added
