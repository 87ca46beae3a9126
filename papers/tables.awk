# SPDX-License-Identifier: GPL-2.0
# From the lines of "hvbench show -f csv" to what the paper and the README show.
# -v want=values | full | main | dall | worse | skipped | workloads | data | readme
# -v machine, mitigations: of full, data and readme; -v rows: names, in their order; -v of: full's suite, exits
# unless it says another. -v prefix: in front of values' keys.

BEGIN {
	FS = ","
	nm = split("power8 power9 power10", machines, " ")
	nb = split("hv stock pr", backends, " ")
	if (of == "") of = "exits"
	head["hv"] = "ours"; head["stock"] = "stock"; head["pr"] = "PR"
}

# 5002.4 -> 5,002; small ones with a digit more
function number(v,    s, out) {
	if (v < 100)
		return sprintf("%.1f", v)
	s = sprintf("%.0f", v)
	while (length(s) > 3) {
		out = "," substr(s, length(s) - 2) out
		s = substr(s, 1, length(s) - 3)
	}
	return s out
}

# 2992163553 -> 2,992 M, 15717974 -> 15.7 M
function big(v) { return v >= 1e7 ? number(v / 1e6) " M" : number(v) }
function ratio(v) { return sprintf(v < 2 ? "%.2f" : v < 10 ? "%.1f" : "%.0f", v) }
function tex(s) { gsub(/[_#%&$]/, "\\\\&", s); return s }
function title(m) { return "POWER" substr(m, 6) }
function has(m, x, b, r) { return (m, x, b, r) in median }
function ours(m, x, r) { return median[m, x, "hv", r] }

NR == 1 { for (i = 1; i <= NF; i++) col[$i] = i; next }
$col["suite"] == "" { next }
{
	m = $col["machine"]; x = $col["mitigations"]; b = $col["backend"]; r = $col["row"]
	if (!((m, x, r) in row_seen)) { row_seen[m, x, r]; order[m, x, ++n[m, x]] = r }
	group[r] = $col["group"]; unit[r] = $col["unit"]; suite[r] = $col["suite"]
	place[m, x]
	if ($col["samples"] + 0 == 0) {
		why = $0; sub(/^[^"]*"/, "", why); sub(/"$/, "", why)
		reason[m, x, b, r] = why
		next
	}
	if ($col["metric"] == "switches") counted[m, x, b, r] = $col["median"]
	if ($col["metric"] != "instructions") next
	median[m, x, b, r] = $col["median"]
	low[m, x, b, r] = $col["low95"]; high[m, x, b, r] = $col["high95"]
	outliers[m, x, b, r] = $col["outliers"]
}

# "702 [702, 702]", with the number of outliers raised
function cell(m, x, b, r,    s) {
	if (!has(m, x, b, r))
		return "--- & "
	s = big(median[m, x, b, r]) " & {\\scriptsize[" big(low[m, x, b, r]) ", " big(high[m, x, b, r]) "]}"
	return outliers[m, x, b, r] ? s "$^{" outliers[m, x, b, r] "}$" : s
}

function plain(m, x, b, r) { return has(m, x, b, r) ? big(median[m, x, b, r]) : "---" }

function to_ours(m, x, b, r) {
	return has(m, x, b, r) && has(m, x, "hv", r) ? ratio(median[m, x, b, r] / ours(m, x, r)) : "---"
}

# 1: ours costs less, -1: ours costs more, 0: within 1 % or the intervals touch
function verdict(m, x, b, r,    a, c) {
	if (!has(m, x, b, r) || !has(m, x, "hv", r))
		return ""
	a = ours(m, x, r); c = median[m, x, b, r]
	if (a < c / 1.01 && high[m, x, "hv", r] < low[m, x, b, r]) return 1
	if (a > c * 1.01 && low[m, x, "hv", r] > high[m, x, b, r]) return -1
	return 0
}

function def(key, value) { print "\\hvdef{" prefix key "}{" value "}" }

# What the text refers to: \val, \ratio and \rows look these up. Partition switches are values like others.
function values(    k, p, i, less, more, same, v, j, at) {
	for (k in median) {
		split(k, p, SUBSEP)
		at = p[1] ":" p[2] ":" p[3] ":" p[4]
		def(at, big(median[k]))
		if (to_ours(p[1], p[2], p[3], p[4]) != "---")
			def("ratio:" at, to_ours(p[1], p[2], p[3], p[4]))
	}
	for (k in counted) {
		split(k, p, SUBSEP)
		def(p[1] ":" p[2] ":" p[3] ":" p[4], big(counted[k]))
	}
	for (k in place) {
		split(k, p, SUBSEP)
		if (suite[order[p[1], p[2], 1]] != "exits") continue
		for (j = 2; j <= nb; j++) {
			less = more = same = 0
			for (i = 1; i <= n[p[1], p[2]]; i++) {
				v = group[order[p[1], p[2], i]] == "control" ? "" : verdict(p[1], p[2], backends[j], order[p[1], p[2], i])
				less += v == "1"; more += v == "-1"; same += v == "0"
			}
			at = p[1] ":" p[2] ":" backends[j]
			def("less:" at, less)
			def("more:" at, more)
			def("same:" at, same)
			def("both:" at, less + more + same)
		}
	}
}

# A backend of which nothing was measured here has no columns.
function full(    i, j, k, r, g, last, s) {
	s = ""; k = 0
	for (j = 2; j <= nb; j++)
		if (any(machine, mitigations, backends[j], of)) {
			k++
			s = s " & \\multicolumn{2}{c}{" head[backends[j]] "} & /ours"
		}
	printf "\\begin{tabular}{@{}lr@{ }l"
	for (j = 1; j <= k; j++) printf "r@{ }lr"
	print "@{}}\\toprule\n & \\multicolumn{2}{c}{ours}" s "\\\\\\midrule"
	for (i = 1; i <= n[machine, mitigations]; i++) {
		r = order[machine, mitigations, i]
		if (suite[r] != of) continue
		g = group[r]
		if (g != last && of == "exits") print "\\multicolumn{" 3 + 3 * k "}{@{}l}{\\emph{" g "}}\\\\"
		last = g
		s = "\\texttt{" tex(r) "} & " cell(machine, mitigations, "hv", r)
		for (j = 2; j <= nb; j++)
			if (any(machine, mitigations, backends[j], of))
				s = s " & " cell(machine, mitigations, backends[j], r) " & " to_ours(machine, mitigations, backends[j], r)
		print s "\\\\"
	}
	print "\\bottomrule\\end{tabular}"
}

# Has the backend a figure here, in that suite or, without one, in any?
function any(m, x, b, s,    k, r) {
	for (k = 1; k <= n[m, x]; k++) {
		r = order[m, x, k]
		if (has(m, x, b, r) && (s == "" || suite[r] == s)) return 1
	}
	return 0
}

# PR has no column where nothing ran
function columns(x,    i, j) {
	nc = 0
	for (i = 1; i <= nm; i++) for (j = 1; j <= nb; j++) {
		if (any(machines[i], x, backends[j], "")) { cm[++nc] = machines[i]; cb[nc] = backends[j]; width[machines[i]]++ }
	}
}

function wide_head(first,    i, s, t, rule, at) {
	s = first; t = ""
	rule = ""; at = 2
	for (i = 1; i <= nm; i++)
		if (width[machines[i]]) {
			s = s " & \\multicolumn{" width[machines[i]] "}{c}{" title(machines[i]) "}"
			rule = rule "\\cmidrule(lr){" at "-" at + width[machines[i]] - 1 "}"
			at += width[machines[i]]
		}
	for (i = 1; i <= nc; i++) t = t " & " head[cb[i]]
	printf "\\begin{tabular}{@{}l"
	for (i = 1; i <= nc; i++) printf "%sr", ((i > 1 && cm[i] != cm[i - 1]) ? "@{\\quad}" : "")
	print "@{}}\\toprule\n" s "\\\\" rule "\n" t "\\\\\\midrule"
}

function wide_row(name, r, x,    i, s) {
	s = name
	for (i = 1; i <= nc; i++) s = s " & " plain(cm[i], x, cb[i], r)
	print s "\\\\"
}

# rows: "name" or "name=label", separated by |
function wide(    k, i, p) {
	columns(mitigations)
	wide_head("")
	k = split(rows, list, "|")
	for (i = 1; i <= k; i++) {
		if (split(list[i], p, "=") > 1) wide_row(tex(p[2]), p[1], mitigations)
		else wide_row("\\texttt{" tex(p[1]) "}", p[1], mitigations)
	}
	print "\\bottomrule\\end{tabular}"
}

function workloads(    i, k, r) {
	columns(mitigations)
	wide_head("")
	for (i = 1; i <= nm; i++) for (k = 1; k <= n[machines[i], mitigations]; k++) {
		r = order[machines[i], mitigations, k]
		if (suite[r] != "workloads" || (r in done)) continue
		done[r]
		wide_row("\\texttt{" tex(r) "}" (r == unit[r] ? "" : " (" unit[r] ")"), r, mitigations)
	}
	print "\\bottomrule\\end{tabular}"
}

# Where another backend needs fewer instructions than ours; mitigations=off. Each machine and backend is named once.
function worse(    i, k, r, j, s, at) {
	print "\\begin{tabular}{@{}lllrrr@{}}\\toprule"
	print "machine & backend & row & ours & the other & /ours\\\\\\midrule"
	for (j = 2; j <= nb; j++) for (i = 1; i <= nm; i++) for (k = 1; k <= n[machines[i], mitigations]; k++) {
		r = order[machines[i], mitigations, k]
		if (verdict(machines[i], mitigations, backends[j], r) != -1) continue
		s++
		print (at == i SUBSEP j ? " & " : title(machines[i]) " & " head[backends[j]]) " & \\texttt{" tex(r) "} & " plain(machines[i], mitigations, "hv", r) " & " \
			plain(machines[i], mitigations, backends[j], r) " & " to_ours(machines[i], mitigations, backends[j], r) "\\\\"
		at = i SUBSEP j
	}
	if (!s) print "\\multicolumn{6}{@{}l}{none}\\\\"
	print "\\bottomrule\\end{tabular}"
}

# What was not run, and the payload's own reason: once for all machines that give it.
function skipped(    i, k, j, r, key, on, list, nk, p) {
	for (i = 1; i <= nm; i++) for (k = 1; k <= n[machines[i], "off"]; k++) for (j = 1; j <= nb; j++) {
		r = order[machines[i], "off", k]
		if (!((machines[i], "off", backends[j], r) in reason)) continue
		key = r SUBSEP backends[j] SUBSEP reason[machines[i], "off", backends[j], r]
		if (!(key in on)) list[++nk] = key
		on[key] = on[key] (key in on && on[key] != "" ? ", " : "") substr(title(machines[i]), 6)
	}
	print "\\begin{tabular}{@{}llll@{}}\\toprule\nrow & backend & POWER & why\\\\\\midrule"
	for (i = 1; i <= nk; i++) {
		split(list[i], p, SUBSEP)
		print "\\texttt{" tex(p[1]) "} & " head[p[2]] " & " on[list[i]] " & " tex(p[3]) "\\\\"
	}
	print "\\bottomrule\\end{tabular}"
}

function data(    k, i, j, s, r) {
	print "# row, then median, low, high of ours, stock, PR: " machine ", mitigations=" mitigations
	k = split(rows, list, "|")
	for (i = 1; i <= k; i++) {
		r = list[i]
		s = "\"" r "\""
		for (j = 1; j <= nb; j++)
			s = s (has(machine, mitigations, backends[j], r) ? sprintf(" %.6g %.6g %.6g", median[machine, mitigations, backends[j], r], \
				low[machine, mitigations, backends[j], r], high[machine, mitigations, backends[j], r]) : " NaN NaN NaN")
		print s
	}
}

function readme(    k, i, j, s, t, u) {
	columns(mitigations)
	if (!nc) return
	if (mitigations == "auto") print "\nThe same with the kernel's default mitigations:\n"
	s = "| |"; t = "|---|"
	for (i = 1; i <= nc; i++) { s = s " " title(cm[i]) " " head[cb[i]] " |"; t = t "---:|" }
	print s "\n" t
	k = split(rows, list, "|")
	for (i = 1; i <= k; i++) {
		u = "| `" list[i] "` |"
		for (j = 1; j <= nc; j++)
			u = u " " (has(cm[j], mitigations, cb[j], list[i]) ? number(median[cm[j], mitigations, cb[j], list[i]]) : "-") " |"
		print u
	}
}

END {
	if (want == "values") values()
	else if (want == "full") full()
	else if (want == "main" || want == "dall") wide()
	else if (want == "worse") worse()
	else if (want == "skipped") skipped()
	else if (want == "workloads") workloads()
	else if (want == "data") data()
	else if (want == "readme") readme()
	else { print "tables.awk: want=" want "?" >"/dev/stderr"; exit 1 }
}
