# SPDX-License-Identifier: GPL-2.0
# The table of ./hv bench. First file: limits, ROW MITIGATIONS INSTRUCTIONS; second:
# MACHINE BACKEND MITIGATIONS ROW COUNT TICKS. Status 1 if a limit of ours is exceeded.
function sort(a, n,   i, j, t) {
	for (i = 2; i <= n; i++)
		for (j = i; j > 1 && a[j - 1] > a[j]; j--) {
			t = a[j]; a[j] = a[j - 1]; a[j - 1] = t
		}
}

# "median +-half of what lies between the lowest and the highest", of one count
function middle(key,   a, n) {
	n = split(samples[key], a, " ")
	if (!n)
		return -1
	for (i = 1; i <= n; i++)
		a[i] += 0
	sort(a, n)
	spread = (a[n] - a[1]) / 2
	return n % 2 ? a[(n + 1) / 2] : (a[n / 2] + a[n / 2 + 1]) / 2
}

function number(x) {
	return x < 0 ? "-" : sprintf("%.0f", x)
}

NR == FNR {
	limit[$1 " " $2] = $3
	next
}

{
	where = $1 " " $3
	if (!(where in rows))
		places[++nplaces] = where
	if (!((where " " $4) in seen)) {
		seen[where " " $4] = 1
		rows[where] = rows[where] " " $4
	}
	key = where " " $4 " " $2
	samples[key] = samples[key] " " $6 / $5
}

END {
	ns = 1e9 / 512e6	# 1 ns is 1 instruction, the timebase has 512 MHz
	for (p = 1; p <= nplaces; p++) {
		split(places[p], w, " ")
		printf "%s%s, mitigations=%s: instructions per round trip, median (ticks of the timebase)\n", (p > 1 ? "\n" : ""), w[1], w[2]
		printf "  %-16s %10s %8s %9s %10s %9s %7s  %s\n", "", "ours", "+-", "(ticks)", "stock", "(ticks)", "ratio", "limit"
		n = split(rows[places[p]], row, " ")
		for (r = 1; r <= n; r++) {
			key = places[p] " " row[r] " "
			ours = middle(key "hv"); mine = spread
			stock = middle(key "stock")
			most = limit[row[r] " " w[2]]
			verdict = ""
			if (most && ours >= 0) {
				verdict = ours * ns <= most ? most " ok" : most " EXCEEDED"
				bad += ours * ns > most
			}
			printf "  %-16s %10s %8s %9s %10s %9s %7s  %s\n", row[r], number(ours < 0 ? ours : ours * ns),
				(ours < 0 ? "-" : sprintf("%.1f", mine * ns)), number(ours), number(stock < 0 ? stock : stock * ns),
				number(stock), (ours > 0 && stock >= 0 ? sprintf("%.1fx", stock / ours) : "-"), verdict
		}
	}
	if (bad)
		print bad " limit(s) exceeded"
	exit bad > 0
}
