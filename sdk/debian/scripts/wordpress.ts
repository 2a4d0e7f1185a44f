// How the WordPress image is configured: by environment and secret files, read at each request, so
// that the root can be read-only and no password is ever written down. Permalinks are in Apache's
// configuration, since WordPress cannot write a .htaccess there.

/** Read by Debian's wp-config.php for every host name. */
export const wordpressConfig = `<?php
// Settings come from the environment; secrets from files.
function dw_setting(string $name, string $default): string {
    $value = getenv($name);
    return $value === false || $value === '' ? $default : $value;
}
function dw_secret(string $name, string $default): ?string {
    $path = dw_setting($name, $default);
    $value = is_readable($path) ? trim(file_get_contents($path)) : '';
    if ($value === '') {
        error_log("wordpress: cannot read $path");
        return null;
    }
    return $value;
}
define('DB_HOST', dw_setting('WORDPRESS_DB_HOST', 'db'));
define('DB_NAME', dw_setting('WORDPRESS_DB_NAME', 'wordpress'));
define('DB_USER', dw_setting('WORDPRESS_DB_USER', 'wordpress'));
define('DB_PASSWORD', dw_secret('WORDPRESS_DB_PASSWORD_FILE', '/run/secrets/db-password') ?? '');
define('DB_CHARSET', 'utf8mb4');
$table_prefix = dw_setting('WORDPRESS_TABLE_PREFIX', 'wp_');

// One secret gives all eight keys and salts; without it WordPress makes its own in the database.
if (getenv('WORDPRESS_SALT_FILE') !== false || is_readable('/run/secrets/salt')) {
    $dw_salt = dw_secret('WORDPRESS_SALT_FILE', '/run/secrets/salt');
    if ($dw_salt !== null) {
        foreach (array('AUTH', 'SECURE_AUTH', 'LOGGED_IN', 'NONCE') as $dw_name) {
            define($dw_name . '_KEY', hash_hmac('sha256', $dw_name . '_KEY', $dw_salt));
            define($dw_name . '_SALT', hash_hmac('sha256', $dw_name . '_SALT', $dw_salt));
        }
    }
}

// The address that visitors use, where it is not that of the request at installation time.
$dw_url = dw_setting('WORDPRESS_URL', '');
if ($dw_url !== '') {
    define('WP_HOME', $dw_url);
    define('WP_SITEURL', $dw_url);
}
define('WP_CONTENT_DIR', '/var/lib/wordpress/wp-content');
// The image is replaced, never changed from within.
define('AUTOMATIC_UPDATER_DISABLED', true);
define('DISALLOW_FILE_EDIT', true);
define('WP_ALLOW_MULTISITE', false);
`;

export const apachePorts = "Listen 8080\n";

export const apacheSite = `ServerName localhost
ServerTokens Prod
ServerSignature Off
TraceEnable Off
PidFile /tmp/apache2.pid
ErrorLog /dev/stderr
LogFormat "%a %l %u %t \\"%r\\" %>s %O \\"%{Referer}i\\" \\"%{User-Agent}i\\"" proxied
# The proxy in front of it has the client's address.
RemoteIPHeader X-Forwarded-For
RemoteIPInternalProxy 10.0.0.0/8 172.16.0.0/12 192.168.0.0/16 127.0.0.0/8
# A connection that is kept could be closed just as the proxy sends a request on it.
KeepAlive Off

<IfModule mpm_prefork_module>
  StartServers 2
  MinSpareServers 2
  MaxSpareServers 4
  MaxRequestWorkers 32
  MaxConnectionsPerChild 1000
</IfModule>

<VirtualHost *:8080>
  DocumentRoot /usr/share/wordpress
  CustomLog /dev/stdout proxied env=!health
  SetEnvIf User-Agent ^dw-health$ health
  Alias /wp-content /var/lib/wordpress/wp-content
  <Directory /usr/share/wordpress>
    Options FollowSymLinks
    AllowOverride None
    DirectoryIndex index.php
    Require all granted
    RewriteEngine On
    RewriteBase /
    RewriteRule .* - [E=HTTP_AUTHORIZATION:%{HTTP:Authorization}]
    RewriteRule ^index\\.php$ - [L]
    RewriteCond %{REQUEST_FILENAME} !-f
    RewriteCond %{REQUEST_FILENAME} !-d
    RewriteRule . /index.php [L]
  </Directory>
  <Directory /var/lib/wordpress/wp-content>
    Options FollowSymLinks
    AllowOverride None
    Require all granted
  </Directory>
  # What visitors upload is never run.
  <Directory /var/lib/wordpress/wp-content/uploads>
    php_admin_flag engine off
    <FilesMatch "\\.ph(p[0-9]?|tml|ar)$">
      Require all denied
    </FilesMatch>
  </Directory>
</VirtualHost>
`;

/** PHP's own settings: errors to the log, sessions and uploads to the one writable folder. */
export const phpSettings = `expose_php = Off
display_errors = Off
log_errors = On
error_log = /dev/stderr
upload_max_filesize = 64M
post_max_size = 64M
session.save_path = /tmp
upload_tmp_dir = /tmp
opcache.memory_consumption = 64
`;
