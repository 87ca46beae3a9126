# SPDX-License-Identifier: GPL-2.0
# bash completion for hvtrace

_hvtrace() {
	local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD-1]} events i
	COMPREPLY=()
	if [ "$COMP_CWORD" -eq 1 ]; then
		mapfile -t COMPREPLY < <(compgen -W 'record report --help --version' -- "$cur")
		return
	fi
	for ((i = 2; i < COMP_CWORD; i++)); do
		if [ "${COMP_WORDS[i]}" = -- ]; then
			compopt -o default
			return
		fi
	done
	case $prev in
	-o | -i)
		compopt -o default
		return
		;;
	-e)
		events=$(cd /sys/kernel/tracing/events/kvm_hv 2>/dev/null && printf '%s ' */)
		mapfile -t COMPREPLY < <(compgen -W "${events//\//}" -- "$cur")
		return
		;;
	-p)
		mapfile -t COMPREPLY < <(compgen -W "$(cd /proc && printf '%s ' [0-9]*)" -- "$cur")
		return
		;;
	esac
	case ${COMP_WORDS[1]} in
	record) mapfile -t COMPREPLY < <(compgen -W '-o -e -a -p -- --help' -- "$cur") ;;
	report) mapfile -t COMPREPLY < <(compgen -W '-i --help' -- "$cur") ;;
	esac
}
complete -F _hvtrace hvtrace
