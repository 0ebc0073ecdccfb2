// functionerrors/conflict: plain false and true result, second round
import type { Entrypoints } from "./381.policy.js";
export {};
