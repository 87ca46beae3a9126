# SPDX-License-Identifier: GPL-2.0
# gnuplot -e "dir='...'; kind='main|priv'; out='...'; form='pdf|svg'; machines='power8 ...'" figure.gp
# Medians as bars, bootstrap intervals as whiskers, on a logarithmic axis.
n = words(machines)
if (form eq 'svg') {
	set terminal svg size 900,(60+330*n) font 'sans-serif,13' background '#ffffff'
} else {
	set terminal pdfcairo size 6.4,(0.1+1.95*n) font 'Helvetica,9'
}
set rmargin 4
set output out
set style data histograms
set style histogram errorbars gap 1 lw 1
set style fill solid 0.85 border -1
set boxwidth 0.9
set logscale y
set yrange [1:]
set format y '10^{%T}'
set grid ytics lc rgb '#cccccc'
set xtics rotate by -35 noenhanced scale 0
set ylabel 'instructions'
set key top left horizontal samplen 1
set datafile missing 'NaN'
set multiplot layout n,1
do for [i = 1:n] {
	m = word(machines, i)
	set title 'POWER'.m[6:*].', mitigations=off' offset 0,-0.6
	f = dir.'/'.kind.'-'.m.'.dat'
	plot f using 2:3:4:xtic(1) title 'ours' lc rgb '#1b6ca8', \
	     f using 5:6:7 title 'stock kvm-hv' lc rgb '#e08a1e', \
	     f using 8:9:10 title 'kvm-pr' lc rgb '#8a8a8a'
}
unset multiplot
