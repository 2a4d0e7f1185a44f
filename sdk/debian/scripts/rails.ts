// How the image for Rails applications serves one: Puma on the application in /srv/app.

export const pumaConfig = `# Each thread has a connection to the database: the application's pool has to be as large.
directory "/srv/app"
rackup "config.ru"
environment "production"
bind "tcp://0.0.0.0:8080"
threads 1, Integer(ENV.fetch("RAILS_MAX_THREADS", "5"))
# Requests in flight end; being asked to stop is no error.
raise_exception_on_sigterm false
# As long as the proxy keeps a connection that it does not use, and more.
persistent_timeout 65
`;
