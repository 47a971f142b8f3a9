-- Takes back a reservation of which nobody knows whether it was made: its answer was lost. The marker that stays behind keeps it
-- from being made later, by a call that still lies in the buffer of a broken connection.
-- KEYS: the reservation's marker, then the keys of the charges.
-- ARGV: reservation id, marker's life ms, charges, whose actual amount is 0.
-- Returns 1, or 0 if it was settled or withdrawn before.
local id, marker_ms = ARGV[1], ARGV[2]
local marker = redis.call('GET', KEYS[1])
if marker == 'settled' then return 0 end

for _, charge in ipairs(read_charges(2, 3)) do
  -- Leases tell by themselves whether they were taken, a rate does not; without a marker it may never have been charged.
  if marker or charge.kind ~= rate then charge.kind.settle(charge, id, tonumber(marker or '')) end
end
redis.call('SET', KEYS[1], 'settled', 'PX', marker_ms)
return 1
