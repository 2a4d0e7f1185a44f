# What Debian's packages bring, without Bundler.
require "rails"
require "action_controller/railtie"
require "action_view/railtie"
require "active_record/railtie"

module Harbour
  class Application < Rails::Application
    config.load_defaults 6.1
    config.eager_load = true
    config.cache_classes = true
    config.consider_all_requests_local = false
    config.public_file_server.enabled = false

    # The root is read-only: logs go to the container's output, the schema is not dumped.
    config.logger = ActiveSupport::Logger.new($stdout)
    config.log_level = :warn
    config.active_record.dump_schema_after_migration = false
    config.paths["tmp"] = "/tmp"

    secret = ENV.fetch("SECRET_KEY_BASE_FILE", "/run/secrets/secret-key-base")
    config.secret_key_base = File.read(secret).strip
  end
end
