// functionerrors/function output conflict single
import type { Entrypoints } from "./382.policy.js";
export {};
