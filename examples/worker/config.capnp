using Workerd = import "/workerd/workerd.capnp";

const config :Workerd.Config = (
  services = [(name = "main", worker = .policyWorker)],
  sockets = [(name = "http", address = "127.0.0.1:8080", http = (), service = "main")],
);

const policyWorker :Workerd.Worker = (
  modules = [
    (name = "worker.mjs", esModule = embed "worker.mjs"),
    (name = "regoc", esModule = embed "regoc.min.js"),
    (name = "policy.wasm", wasm = embed "policy.wasm"),
  ],
  compatibilityDate = "2026-11-01",
);
