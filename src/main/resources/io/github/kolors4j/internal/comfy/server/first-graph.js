// The graph that ComfyUI's page opens with is one of models that are not here, all its nodes in red. This puts
// one that draws with Kolors in its place; a graph that the user had open comes back as ever.
const { app } = window.comfyAPI.app;
const pagesOwn = window.comfyAPI.defaultGraph?.defaultGraph;
const load = app.loadGraphData.bind(app);

app.loadGraphData = async (graph, ...others) => {
  if (graph && graph !== pagesOwn) return load(graph, ...others);
  const first = await fetch(new URL('first-graph.json', import.meta.url));
  return load(await first.json(), ...others);
};
