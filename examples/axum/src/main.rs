//! POST /violation with an input answers what the policy says of it.

use std::env;
use std::error::Error;
use std::sync::{Arc, Mutex, PoisonError};

use axum::Router;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use regoc_runtime::{Decision, EntrypointId, ErrorKind, Input, Instance, Policy, Runtime};
use tokio::net::TcpListener;
use tokio::signal::unix::{SignalKind, signal};

/// A policy with the instances that are not answering.
struct Service {
    policy: Policy,
    violation: EntrypointId,
    idle: Mutex<Vec<Instance>>,
}

impl Service {
    fn ask(&self, text: &str) -> Result<String, regoc_runtime::Error> {
        let input = Input::from_json(text)?;
        let idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner).pop();
        let mut instance = idle.map_or_else(|| self.policy.instance(), Ok)?;
        let decision = instance.evaluate(self.violation, &input);
        self.idle.lock().unwrap_or_else(PoisonError::into_inner).push(instance);
        Ok(match decision? {
            Decision::Defined(value) => value.to_string(),
            Decision::Undefined => "null".to_owned(),
        })
    }
}

async fn violation(State(service): State<Arc<Service>>, text: String) -> Response {
    // A decision takes microseconds: no thread of its own is needed.
    match service.ask(&text) {
        Ok(answer) => ([(header::CONTENT_TYPE, "application/json")], answer).into_response(),
        Err(error) if error.kind() == ErrorKind::InvalidJson => {
            (StatusCode::BAD_REQUEST, error.to_string()).into_response()
        }
        Err(error) => (StatusCode::INTERNAL_SERVER_ERROR, error.to_string()).into_response(),
    }
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let policy = Runtime::builder().build()?.load(&std::fs::read("policy.wasm")?)?;
    let violation_id = policy.entrypoint("example/violation")?;
    let service = Arc::new(Service { policy, violation: violation_id, idle: Mutex::default() });
    let router = Router::new().route("/violation", post(violation)).with_state(service);
    let port = env::var("PORT").unwrap_or_else(|_| "8080".to_owned());
    let listener = TcpListener::bind(format!("127.0.0.1:{port}")).await?;
    println!("http://{}", listener.local_addr()?);
    let mut stopped = signal(SignalKind::terminate())?;
    let stop = async move {
        stopped.recv().await;
    };
    axum::serve(listener, router).with_graceful_shutdown(stop).await?;
    Ok(())
}
