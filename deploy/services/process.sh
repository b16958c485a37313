# shellcheck shell=bash
# Processes that services.sh starts and, by the same mark, may stop.

# The kernel's start time tells a process from a later one with the same number. A zombie counts as gone once its last
# thread is: where process 1 does not reap, one stays for ever.
started_at() {
    local stat; stat=$(cat "/proc/$1/stat" 2>/dev/null) || return 1
    stat=${stat##*) }
    if [[ $stat = [ZX]* ]] && [ "$(ls "/proc/$1/task" 2>/dev/null | wc -l)" -le 1 ]; then return 1; fi
    cut -d' ' -f20 <<<"$stat"
}

# Prints the number of the recorded process while it is still the one we started.
alive() {
    local pid mark
    read -r pid mark 2>/dev/null <"$state/$1.pid" || return 1
    [ -n "$mark" ] && [ "$(started_at "$pid")" = "$mark" ] && echo "$pid"
}

# Runs a command as a daemon. Every step to the daemon must be an exec: then the recorded number is the daemon's own,
# and no shell stays behind holding the lock.
daemon() {
    local name=$1; shift
    (
        exec 9>&-
        cd /
        ulimit -c 0
        exec setsid "$@" </dev/null >>"$state/$name.log" 2>&1
    ) &
    echo "$! $(started_at $!)" >"$state/$name.pid"
}

# With KILL its children go at the same moment: nothing is left to tidy up, as when the power fails.
stop_daemon() { # name signal seconds
    local pid; pid=$(alive "$1") || { rm -f "$state/$1.pid"; return 0; }
    local children=; [ "$2" != KILL ] || children=$(cat "/proc/$pid/task/$pid/children" 2>/dev/null || true)
    # shellcheck disable=SC2086
    kill -"$2" "$pid" $children 2>/dev/null || true
    local end=$((SECONDS + $3))
    while alive "$1" >/dev/null; do
        if [ $SECONDS -ge $end ]; then warn "$1 did not stop within $3 s: killing it"; kill -KILL "$pid"; end=$((SECONDS + 5)); fi
        sleep 0.05
    done
    local child; for child in $children; do while started_at "$child" >/dev/null; do sleep 0.05; done; done
    rm -f "$state/$1.pid"
}

port_open() { (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null; }
require_free() {
    if port_open "$1"; then die "port $1 ($2) is taken by something else: set PARTS_PORT_BASE to another first port"; fi
}
