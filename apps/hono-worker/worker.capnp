# Two isolates of one Worker, as two machines on the edge would run it; a front that takes turns; and the place where
# the Durable Objects live. East and west share nothing but those.
using Workerd = import "/workerd/workerd.capnp";

const config :Workerd.Config = (
  services = [
    (name = "front", worker = .front),
    (name = "east", worker = .app),
    (name = "west", worker = .app),
    (name = "sessions", worker = .sessions),
    (
      name = "internet",
      network = (allow = ["public", "local"], tlsOptions = (trustBrowserCas = true)),
    ),
  ],
  sockets = [(name = "http", http = (), service = "front")],
);

const date :Text = "2026-10-01";

const front :Workerd.Worker = (
  modules = [(name = "front", esModule = embed "dist/front.js")],
  compatibilityDate = .date,
  bindings = [(name = "EAST", service = "east"), (name = "WEST", service = "west")],
);

const app :Workerd.Worker = (
  modules = [(name = "worker", esModule = embed "dist/worker.js")],
  compatibilityDate = .date,
  bindings = [
    (name = "SALESFORCE_CLIENT_ID", fromEnvironment = "SALESFORCE_CLIENT_ID"),
    (name = "SALESFORCE_CLIENT_SECRET", fromEnvironment = "SALESFORCE_CLIENT_SECRET"),
    (name = "SALESFORCE_LOGIN_URL", fromEnvironment = "SALESFORCE_LOGIN_URL"),
    (name = "APP_BASE_URL", fromEnvironment = "APP_BASE_URL"),
    (name = "SESSION_SECRET", fromEnvironment = "SESSION_SECRET"),
    (name = "SIMULATOR_URL", fromEnvironment = "SIMULATOR_URL"),
    (name = "PAGE_SCRIPT", text = embed "public/page.js"),
    (name = "PAGE_STYLE", text = embed "public/page.css"),
    (name = "SESSIONS", durableObjectNamespace = (className = "OrgpassStore", serviceName = "sessions")),
  ],
);

const sessions :Workerd.Worker = (
  modules = [(name = "worker", esModule = embed "dist/worker.js")],
  compatibilityDate = .date,
  durableObjectNamespaces = [(className = "OrgpassStore", uniqueKey = "sessions", enableSql = true)],
  durableObjectStorage = (inMemory = void),
);
