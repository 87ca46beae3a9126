# shellcheck shell=sh
# SPDX-License-Identifier: GPL-2.0
# ./hv demo: the main job, end to end.

demo_help() {
	cat <<-EOF
	usage: ./hv demo [--machine power8|power9|power10]

	Boots a POWER machine, runs guests under our backend, records and reports what
	they did, and shows them live. Under a minute when everything is built.
	EOF
}

cmd_demo() {
	demo_machine=power9
	while [ $# -gt 0 ]; do
		case $1 in
		--machine) need_value "$1" $#; one_of "$1" "$2" power8 power9 power10; demo_machine=$2; shift ;;
		--help | -h) demo_help; exit 0 ;;
		*) usage_error "unknown option $1" ;;
		esac
		shift
	done
	ensure_lab
	say "booting $demo_machine, then the demo in it (usually under a minute)"
	cmd_exec --machine "$demo_machine" --timeout 300 -- /usr/lib/kvm-hv/lab-demo
}
