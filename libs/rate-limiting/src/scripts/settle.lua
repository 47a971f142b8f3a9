-- Replaces estimates by what was really used; the second call with the same id changes nothing.
-- KEYS: the reservation's marker, then the keys of the charges. ARGV: reservation id, marker's life ms, charges.
-- Returns 1, or 0 if it was settled before.
local id, marker_ms = ARGV[1], ARGV[2]
local marker = redis.call('GET', KEYS[1])
if marker == 'settled' then return 0 end

local charges = read_charges(2, 3)
for _, charge in ipairs(charges) do
  charge.kind.settle(charge, id, tonumber(marker or ''))
end
redis.call('SET', KEYS[1], 'settled', 'PX', marker_ms)
return 1
