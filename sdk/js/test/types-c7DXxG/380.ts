// functionerrors/conflict: plain false and true result, first round
import type { Entrypoints } from "./380.policy.js";
export {};
