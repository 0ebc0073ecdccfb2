// wasm/conflict error
import type { Entrypoints } from "./1115.policy.js";
export {};
