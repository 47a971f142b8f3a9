-- Reads limits and writes nothing, so that a replica may answer. KEYS: the keys of the charges. ARGV: charges.
-- Returns for each charge: used, remaining, reset after ms.
local reply = {}
for _, charge in ipairs(read_charges(1, 1)) do
  local used, left, reset_ms = charge.kind.status(charge)
  reply[#reply + 1] = used
  reply[#reply + 1] = math.max(0, left)
  reply[#reply + 1] = reset_ms
end
return reply
