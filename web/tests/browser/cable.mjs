import net from "node:net";

/** A network cable between a browser and the realm. */
export async function newCable(url) {
  const { port } = new URL(url);
  const plugs = new Set();
  let isCut = false;
  const server = net.createServer((near) => {
    if (isCut) return near.destroy();
    const far = net.connect(port, "127.0.0.1");
    for (const [plug, other] of [[near, far], [far, near]]) {
      plugs.add(plug);
      plug.on("error", () => {});
      plug.on("close", () => (plugs.delete(plug), other.destroy()));
      plug.pipe(other);
    }
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${server.address().port}`,
    async cut(context) {
      isCut = true;
      for (const plug of plugs) plug.destroy();
      await context.setOffline(true);
    },
    async mend(context) {
      isCut = false;
      await context.setOffline(false);
    },
    close: () => (plugs.forEach((plug) => plug.destroy()), server.close()),
  };
}
