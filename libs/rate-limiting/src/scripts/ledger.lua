-- Reads ledgers and writes nothing. KEYS: the keys of the charges. ARGV: charges, all of them ledgers.
-- Returns for each charge: start ms and end ms of what it counts, spent, reserved, pledged, 1 if Redis does not know it.
local reply = {}
for _, charge in ipairs(read_charges(1, 1)) do
  for _, field in ipairs({ 'epoch', 'finish', 'spent', 'reserved', 'pledged' }) do reply[#reply + 1] = charge[field] end
  reply[#reply + 1] = charge.missing and 1 or 0
end
return reply
