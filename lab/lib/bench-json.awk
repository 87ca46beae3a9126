# SPDX-License-Identifier: GPL-2.0
# The rows of a result file, from lines MACHINE BACKEND MITIGATIONS ROW COUNT TICKS.
{
	key = $1 " " $2 " " $3 " " $4
	if (!(key in ticks))
		order[++n] = key
	ticks[key] = ticks[key] (key in count ? ", " : "") $6
	count[key] = $5
}
END {
	print "  \"rows\": ["
	for (i = 1; i <= n; i++) {
		split(order[i], w, " ")
		printf "    { \"machine\": \"%s\", \"backend\": \"%s\", \"mitigations\": \"%s\", \"row\": \"%s\", \"count\": %d, \"ticks\": [%s] }%s\n",
			w[1], w[2], w[3], w[4], count[order[i]], ticks[order[i]], i < n ? "," : ""
	}
	print "  ]\n}"
}
