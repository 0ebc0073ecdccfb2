// Serves the files of the page, and nothing else.

import { readFile } from "node:fs/promises";
import { createServer } from "node:http";

const files = {
  "/": ["index.html", "text/html"],
  "/page.js": ["page.js", "text/javascript"],
  "/regoc.min.js": ["regoc.min.js", "text/javascript"],
  // With this type the browser compiles while it is loading.
  "/policy.wasm": ["policy.wasm", "application/wasm"],
};

const server = createServer(async (request, response) => {
  const [name, type] = files[request.url] ?? [];
  if (!name) return response.writeHead(404).end();
  response.writeHead(200, { "content-type": type }).end(await readFile(name));
});
server.listen(process.env.PORT ?? 8080, "127.0.0.1", () => console.log(`http://127.0.0.1:${server.address().port}`));
for (const signal of ["SIGINT", "SIGTERM"]) {
  process.on(signal, () => {
    server.close(() => process.exit(0));
    server.closeAllConnections();
  });
}
