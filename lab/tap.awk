# SPDX-License-Identifier: GPL-2.0
# Reads the output of tests: TAP, with "#hv begin NAME", "#hv end NAME STATUS
# SECONDS LIMIT" and "#hv kernel LINE" from lab-tests around each. Prints a line
# for each test, of those that failed what went wrong and then all output, and writes "passed failed
# skipped" to the file named by counts. where: prefix, such as the machine;
# DIED in the environment: why the lab host ended early.

BEGIN { died = ENVIRON["DIED"] }

function begin(n) {
	name = n; out = bad = ""; good = wrong = skipped = 0; plan = -1; kernel = 0; skip_all = ""
	open = 1
}

function end(status, seconds, limit,    why) {
	open = 0
	if (status == 124 || status == 137) why = why "; time was up after " limit " s"
	else if (status != 0) why = why "; exit status " status
	if (plan < 0 && !status) why = why "; no plan (1..N)"
	if (plan >= 0 && plan != good + wrong + skipped) why = why "; planned " plan " points, made " good + wrong + skipped
	if (plan == 0 && skip_all == "") why = why "; no test points"
	if (kernel) why = why "; the kernel complained"
	if (skip_all != "") skipped++
	# a point "not ok" says what failed; anything else that is wrong counts once
	if (why != "" && !(wrong && why == "; exit status " status)) wrong++
	passed += good; failed += wrong; skips += skipped
	printf "%s %s%s: %d passed%s%s (%d s)\n", wrong ? "FAIL" : "ok  ", where, name, good, \
		wrong ? ", " wrong " failed" why : "", skipped ? ", " skipped " skipped" : "", seconds
	if (wrong) {
		gsub(/\n/, "\n  | ", out)
		printf "%s  | %s\n", bad, out
	}
}

/^#hv begin / { begin($3); next }
/^#hv end /   { end($4, $5, $6); next }
!open         { next }
{ out = out (out == "" ? "" : "\n") $0 }
/^not ok |^#hv kernel / { bad = bad "  " $0 "\n" }
/^#hv kernel / { kernel++ }
/^1\.\.[0-9]+/ { plan = substr($1, 4) + 0; if (/# *SKIP/) skip_all = $0 }
/^ok [0-9]+/ { if (/# *SKIP/) skipped++; else good++ }
/^not ok [0-9]+/ { if (/# *TODO/) skipped++; else wrong++ }
END {
	if (open) { out = out "\n" died; end(125, 0, 0) }
	else if (died != "") { begin("lab host"); out = died; end(125, 0, 0) }
	print passed + 0, failed + 0, skips + 0 >counts
}
