// A health check that needs no curl: one HTTP request over bash's own sockets. Part of images that
// answer HTTP; a change here changes their key.

/** `dw-health PORT [PATH [HOST]]`: exit code 0 when the answer's status is 2xx or 3xx. */
export const healthScript = `#!/bin/bash
# dw-health PORT [PATH [HOST]]: is there an HTTP answer with a status of 2xx or 3xx?
port=\${1:?usage: dw-health PORT [PATH [HOST]]}
exec 3<>"/dev/tcp/127.0.0.1/$port" || exit 1
printf 'GET %s HTTP/1.0\\r\\nHost: %s\\r\\nUser-Agent: dw-health\\r\\n\\r\\n' "\${2:-/}" "\${3:-localhost}" >&3
IFS= read -r -t 10 status <&3 || { echo "no answer within 10 s"; exit 1; }
echo "\${status%$'\\r'}"
[[ $status =~ ^HTTP/1\\.[01]\\ [23] ]]
`;
