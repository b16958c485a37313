# shellcheck shell=bash
# Runs the installed RabbitMQ with a private node name, cookie, ports and folders.

rabbit_dir=$state/rabbitmq
rabbit_bin() {
    local folder
    # Not the wrapper in /usr/sbin: it switches to another user and drops the private folders.
    for folder in /usr/lib/rabbitmq/bin "${RABBITMQ_HOME:-/nowhere}/sbin" /opt/homebrew/opt/rabbitmq/sbin; do
        if [ -x "$server_root$folder/rabbitmq-server" ]; then echo "$folder"; return; fi
    done
    return 1
}
rabbitmq_installed() { rabbit_bin >/dev/null && find_program epmd >/dev/null; }

rabbit_env() {
    local loopback='-kernel inet_dist_use_interface {127,0,0,1}'
    printf '%s\n' \
        "HOME=$rabbit_dir/home" "PATH=$PATH" LANG=C.UTF-8 LC_ALL=C.UTF-8 \
        "ERL_EPMD_PORT=$epmd_port" ERL_EPMD_ADDRESS=127.0.0.1 \
        "RABBITMQ_NODENAME=parts_$amqp_port@localhost" "RABBITMQ_DIST_PORT=$distribution_port" \
        "RABBITMQ_MNESIA_BASE=$rabbit_dir/data" "RABBITMQ_LOG_BASE=$rabbit_dir/log" \
        "RABBITMQ_CONFIG_FILE=$rabbit_dir/rabbitmq.conf" "RABBITMQ_ADVANCED_CONFIG_FILE=$rabbit_dir/advanced.config" \
        "RABBITMQ_CONF_ENV_FILE=$rabbit_dir/rabbitmq-env.conf" "RABBITMQ_ENABLED_PLUGINS_FILE=$rabbit_dir/plugins" \
        "RABBITMQ_GENERATED_CONFIG_DIR=$rabbit_dir/generated" "RABBITMQ_SCHEMA_DIR=$rabbit_dir/schema" \
        "RABBITMQ_PLUGINS_EXPAND_DIR=$rabbit_dir/expanded" "RABBITMQ_PID_FILE=$rabbit_dir/own.pid" \
        "RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS=$loopback ${rabbit_erl_args:-}" "RABBITMQ_CTL_ERL_ARGS=$loopback"
}

# The port of the MQTT plugin: given, or the one of the last start; empty = the plugin is off.
mqtt_port() {
    if [ -n "${PARTS_MQTT_PORT:-}" ]; then echo "$PARTS_MQTT_PORT"; return; fi
    sed -n 's/^mqtt.listeners.tcp.default = 127.0.0.1://p' "$rabbit_dir/rabbitmq.conf" 2>/dev/null || true
}

write_rabbit_config() {
    local mqtt plugins=; mqtt=$(mqtt_port)
    mkdir -p "$rabbit_dir"/{home,data,log,generated,schema,expanded}
    (umask 077 && cat >"$rabbit_dir/rabbitmq.conf" <<CONF
listeners.tcp.loopback = 127.0.0.1:$amqp_port
default_user = $user
default_pass = $(password)
log.file.level = warning
log.console = false
${rabbit_more_config:-}
CONF
    )
    if [ -n "$management_port" ]; then
        plugins=rabbitmq_management
        printf '%s\n' 'management.tcp.ip = 127.0.0.1' "management.tcp.port = $management_port" >>"$rabbit_dir/rabbitmq.conf"
    fi
    if [ -n "$mqtt" ]; then
        plugins=$plugins,rabbitmq_mqtt
        printf '%s\n' "mqtt.listeners.tcp.default = 127.0.0.1:$mqtt" 'mqtt.allow_anonymous = false' >>"$rabbit_dir/rabbitmq.conf"
    fi
    echo '[].' >"$rabbit_dir/advanced.config"
    : >"$rabbit_dir/rabbitmq-env.conf"
    echo "[$plugins]." >"$rabbit_dir/plugins"
    local cookie=$rabbit_dir/home/.erlang.cookie
    [ -s "$cookie" ] || (umask 077 && head -c 15 /dev/urandom | od -An -tx1 | tr -d ' \n' >"$cookie")
    chmod 400 "$cookie"
}

start_rabbitmq_local() {
    if alive rabbitmq >/dev/null; then return; fi
    require_free "$amqp_port" RabbitMQ
    [ -z "$management_port" ] || require_free "$management_port" "RabbitMQ management"
    require_free "$distribution_port" "RabbitMQ distribution"
    write_rabbit_config
    start_epmd
    local environment; mapfile -t environment < <(rabbit_env)
    # With RUNNING_UNDER_SYSTEMD the start script execs the Erlang virtual machine, so SIGTERM stops it cleanly.
    ulimit -n 20000 2>/dev/null || true
    daemon rabbitmq "${within[@]}" env -i "${environment[@]}" RUNNING_UNDER_SYSTEMD=true "$(rabbit_bin)/rabbitmq-server"
}

# Start epmd here, so that its process id is known; otherwise Erlang starts one that outlives everything.
start_epmd() {
    if alive epmd >/dev/null; then return; fi
    require_free "$epmd_port" epmd
    daemon epmd "${within[@]}" epmd -address 127.0.0.1 -port "$epmd_port"
    local tries; for tries in {1..100}; do port_open "$epmd_port" && return; sleep 0.05; done
    die "epmd does not answer after $tries tries; its log: $state/epmd.log"
}

stop_rabbitmq_local() { stop_daemon rabbitmq "$1" 40; }
stop_epmd() { stop_daemon epmd TERM 5; }
rabbitmq_alive_local() { alive rabbitmq >/dev/null; }
rabbitmq_last_words_local() { tail -n 3 "$state/rabbitmq.log" "$rabbit_dir"/log/*.log 2>/dev/null | tr '\n' ' '; }
rabbitmq_ready_local() { until port_open "$management_port"; do sleep 0.1; done; }

# A broker accepts connections before it is ready; only its answer to a protocol header (frame type 1) counts.
rabbitmq_answers() {
    local byte
    byte=$({
        exec 3<>"/dev/tcp/127.0.0.1/$amqp_port" && printf 'AMQP\0\0\011\001' >&3 && timeout 2 head -c1 <&3 | od -An -tu1
    } 2>/dev/null) || return 1
    [ "${byte// /}" = 1 ]
}

rabbitmqctl_local() {
    local environment; mapfile -t environment < <(rabbit_env)
    (cd "$rabbit_dir" && exec "${within[@]}" env -i "${environment[@]}" "$(rabbit_bin)/rabbitmqctl" "$@")
}
