// completedoc/vars conflict
import type { Entrypoints } from "./185.policy.js";
export {};
