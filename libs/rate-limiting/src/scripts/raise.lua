-- Adds to what was spent, if the window is still the present one; a rolling ledger takes it in the present slice.
-- KEYS: the keys of one ledger. ARGV: start of the window in ms, the charge, whose actual amount is added. Returns 1 if it was.
local charge = read_charges(1, 2)[1]
if charge.kind == calendar and charge.epoch ~= tonumber(ARGV[1]) then return 0 end
tidy_ledger(charge)
charge.kind.spend(charge, charge.actual, now_ms)
write_ledger(charge, 'reserved')
return 1
