# SPDX-License-Identifier: GPL-2.0
# gnuplot -e "dir='...'; kind='main|priv'; out='...'; form='pdf|svg'; machines='power8 ...'" figure.gp
# Medians as bars, bootstrap intervals as whiskers, on a logarithmic axis. The rows' names stand under the lowest panel.
n = words(machines)
if (form eq 'svg') {
	set terminal svg size 900,(60+330*n) font 'sans-serif,14' background '#ffffff'
	height = 60+330.0*n; names = 110; heading = 40
} else {
	# its fontscale is 0.5
	set terminal pdfcairo size 6.4,(0.85+1.45*n) font 'Helvetica,15'
	height = 72*(0.85+1.45*n); names = 62; heading = 18
}
set output out
set style data histograms
set style histogram errorbars gap 1 lw 1
set style fill solid 0.85 border -1
set boxwidth 0.9
set logscale y
set yrange [(kind eq 'main' ? 10 : 1):]
set format y '10^{%T}'
set grid ytics lc rgb '#cccccc'
set ylabel 'instructions'
set key at graph 1,1.02 right bottom horizontal samplen 1
set datafile missing 'NaN'
panel = (height - names) / n
set multiplot
set lmargin at screen 0.09
set rmargin at screen 0.96
do for [i = 1:n] {
	m = word(machines, i)
	set label 1 'POWER'.m[6:*].', mitigations=off' at graph 0,1.09 left
	set tmargin at screen 1 - ((i - 1) * panel + heading) / height
	set bmargin at screen 1 - i * panel / height
	if (i < n) { unset xtics } else { set xtics rotate by -35 noenhanced scale 0 }
	f = dir.'/'.kind.'-'.m.'.dat'
	plot f using 2:3:4:xtic(1) title 'ours' lc rgb '#1b6ca8', \
	     f using 5:6:7 title 'stock kvm-hv' lc rgb '#e08a1e', \
	     f using 8:9:10 title 'kvm-pr' lc rgb '#8a8a8a'
	unset key
}
unset multiplot
