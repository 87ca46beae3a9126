# shellcheck shell=sh
# SPDX-License-Identifier: GPL-2.0
# ./hv trace and ./hv top: the tools, each where it makes sense.

trace_help() {
	cat <<-EOF
	usage: ./hv trace record [HVTRACE-OPTION]... -- CMD    in a lab host; the recording is
	                                                       copied to the current folder
	       ./hv trace stat [HVTRACE-OPTION]... -- CMD      in a lab host
	       ./hv trace OTHER-COMMAND ...                    hvtrace on this machine

	For another machine or backend than power9 and ours: ./hv exec ... -- hvtrace ...
	EOF
}

# The file a record command will write, as hvtrace sees it.
recording_name() {
	name=hvtrace.data
	while [ $# -gt 0 ] && [ "$1" != -- ]; do
		case $1 in
		-o) [ $# -lt 2 ] || name=$2 ;;
		-o?*) name=${1#-o} ;;
		esac
		shift
	done
	echo "$name"
}

cmd_trace() {
	case ${1:-} in
	'') trace_help >&2; exit 2 ;;
	--help | -h) trace_help ;;
	record | stat)
		case " $* " in
		" $1 --help " | " $1 -h ") ensure_lab; exec "$build/native/tools/hvtrace/hvtrace" "$1" --help ;;
		*" -- "*) ;;
		*) usage_error "trace $1 needs -- CMD: a lab host lives as long as its command" ;;
		esac
		if [ "$1" = record ]; then
			cmd_exec --get "$(recording_name "$@")" -- hvtrace "$@"
		else
			cmd_exec -- hvtrace "$@"
		fi ;;
	*) ensure_lab; exec "$build/native/tools/hvtrace/hvtrace" "$@" ;;
	esac
}

top_help() {
	cat <<-EOF
	usage: ./hv top [--machine power8|power9|power10]

	hvtop in a lab host, with two demo guests to look at. For guests of your own:
	./hv shell, start them in the background (hvrun with </dev/null: it reads the
	terminal), hvtop.
	EOF
}

cmd_top() {
	top_machine=power9
	while [ $# -gt 0 ]; do
		case $1 in
		--machine) need_value "$1" $#; top_machine=$2; shift ;;
		--help | -h) top_help; exit 0 ;;
		*) usage_error "unknown option $1" ;;
		esac
		shift
	done
	cmd_shell --machine "$top_machine" -- sh -c '
		for i in 1 2; do
			hvrun --reg r6=86400 /usr/lib/kvm-hv/payloads/demo.bin >/dev/null 2>&1 &
		done
		hvtop'
}
