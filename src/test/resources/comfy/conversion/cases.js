// Runs in ComfyUI's page: how each workflow of the conversion's golden files is made, by the page itself.
// A case gets the published workflows ({kolors_example, kolors_img2img_example}) and returns a workflow, or
// changes `app.graph` and returns nothing: then what the page saves is the workflow.
globalThis.conversionCases = (published) => {
  const copy = (value) => JSON.parse(JSON.stringify(value));
  const open = (workflow) => app.loadGraphData(copy(workflow));
  const node = (id) => app.graph.getNodeById(id);
  const add = (type, x, y, values = {}, graph = app.graph) => {
    const made = LiteGraph.createNode(type);
    made.pos = [x, y];
    graph.add(made);
    for (const [name, value] of Object.entries(values)) widget(made, name).value = value;
    return made;
  };
  const widget = (owner, name) => {
    const found = owner.widgets.find((each) => each.name === name);
    if (!found) throw new Error(`${owner.type} has no widget ${name}, only ${owner.widgets.map((each) => each.name)}`);
    return found;
  };
  const output = (owner, name) => owner.outputs.findIndex((each) => each.name === name);
  const input = (owner, name) => owner.inputs.findIndex((each) => each.name === name);
  const connect = (from, out, to, into) => {
    const link = from.connect(typeof out === 'number' ? out : output(from, out), to,
      typeof into === 'number' ? into : input(to, into));
    if (!link) throw new Error(`${from.type}.${out} would not connect to ${to.type}.${into}`);
    return link;
  };
  // kolors_example without its note, with one line as prompt and a SaveImage beside the preview.
  const small = async () => {
    await open(published.kolors_example);
    app.graph.remove(node(15));
    widget(node(12), 'prompt').value = '一只戴着红色围巾的柴犬，油画';
    const save = add('SaveImage', 1368, 1100, { filename_prefix: 'kolors' });
    connect(node(10), 0, save, 'images');
    return { decode: node(10), sampler: node(14), encode: node(12), glm: node(13), model: node(6), vae: node(11), preview: node(3), save };
  };
  const lora = (parts, path = 'lora.safetensors') => {
    const loader = add('LoadKolorsLoRA', 560, 300, { lora_path: path, lora_alpha: 1.5 });
    connect(parts.model, 0, loader, 'kolors_model');
    connect(loader, 0, parts.sampler, 'kolors_model');
    return loader;
  };
  const subgraphOf = (...nodes) => app.graph.convertToSubgraph(new Set(nodes));
  // Shows a widget of a node in a subgraph on the subgraph's own node, as the page's menu "Promote widget" does.
  const promote = (subgraph, inner, name) => {
    const slot = subgraph.addInput(name, inner.inputs[input(inner, name)].type);
    slot.connect(inner.inputs[input(inner, name)], inner);
    return slot;
  };
  const BYPASSED = 4;
  const MUTED = 2;

  return {
    kolors_example: () => published.kolors_example,
    kolors_img2img_example: () => published.kolors_img2img_example,
    kolors_with_lora_example: () => published.kolors_with_lora_example,

    async bypass() {
      const parts = await small();
      lora(parts).mode = BYPASSED;
      const scale = add('ImageScale', 1600, 369);
      connect(parts.decode, 0, scale, 'image');
      connect(scale, 0, parts.save, 'images');
      scale.mode = BYPASSED;
    },
    // What a bypassed node gives on has no input of its type: the link is gone.
    async bypass_without_a_way_through() {
      const parts = await small();
      parts.encode.mode = BYPASSED;
      const load = add('LoadImage', 900, 900);
      const latent = add('VAEEncode', 1200, 900);
      connect(load, 0, latent, 'pixels');
      connect(parts.vae, 0, latent, 'vae');
      connect(latent, 0, parts.sampler, 'latent');
      latent.mode = BYPASSED;
    },
    async mute() {
      const parts = await small();
      parts.preview.mode = MUTED;
      lora(parts).mode = MUTED;
    },
    async reroute() {
      const parts = await small();
      const first = add('Reroute', 700, 400);
      const second = add('Reroute', 850, 400);
      connect(parts.model, 0, first, 0);
      connect(first, 0, second, 0);
      connect(second, 0, parts.sampler, 'kolors_model');
      const third = add('Reroute', 1500, 400);
      connect(parts.decode, 0, third, 0);
      connect(third, 0, parts.save, 'images');
      connect(third, 0, parts.preview, 'images');
    },
    // Points on a link, which the page stores beside the links.
    async reroute_points() {
      const parts = await small();
      const link = app.graph.links.get(parts.sampler.inputs[0].link);
      const point = app.graph.createReroute([700, 420], link);
      app.graph.createReroute([800, 470], app.graph.links.get(parts.sampler.inputs[0].link));
    },
    async reroute_bypassed_and_muted() {
      const parts = await small();
      const loader = lora(parts);
      const route = add('Reroute', 860, 320);
      connect(loader, 0, route, 0);
      connect(route, 0, parts.sampler, 'kolors_model');
      loader.mode = BYPASSED;
      const other = add('Reroute', 1500, 400);
      connect(parts.decode, 0, other, 0);
      connect(other, 0, parts.save, 'images');
      other.mode = MUTED;
    },
    async primitive() {
      const parts = await small();
      const other = add('KolorsSampler', 1011, 800);
      connect(parts.model, 0, other, 'kolors_model');
      connect(parts.encode, 0, other, 'kolors_embeds');
      const decode = add('VAEDecode', 1368, 800);
      connect(other, 0, decode, 'samples');
      connect(parts.vae, 0, decode, 'vae');
      connect(decode, 0, parts.save, 'images');
      const seed = add('PrimitiveNode', 700, 900);
      connect(seed, 0, parts.sampler, 'seed');
      connect(seed, 0, other, 'seed');
      seed.widgets[0].value = 42;
      widget(seed, 'control_after_generate').value = 'fixed';
      const text = add('PrimitiveNode', 300, 900);
      connect(text, 0, parts.encode, 'negative_prompt');
      text.widgets[0].value = '模糊';
      add('PrimitiveNode', 100, 1100);
      const scheduler = add('PrimitiveNode', 700, 1100);
      connect(scheduler, 0, other, 'scheduler');
      scheduler.widgets[0].value = 'DPMSolverMultistepScheduler';
    },
    // A node's output drives a widget: the link wins, the stored value keeps its place.
    async converted_widget() {
      const parts = await small();
      const probe = add('ConversionProbe', 300, 900);
      connect(probe, 'count', parts.sampler, 'steps');
      connect(probe, 'ratio', parts.sampler, 'denoise_strength');
      connect(probe, 'text', parts.encode, 'prompt');
    },
    // The same as an old page saved it: only converted widgets are among the inputs, and behind the sockets.
    async converted_widget_of_old() {
      const old = copy(published.kolors_example);
      const find = (id) => old.nodes.find((each) => each.id === id);
      old.nodes.push({ id: 20, type: 'PrimitiveNode', pos: [600, 200], size: { 0: 210, 1: 82 }, flags: {}, order: 0, mode: 0,
        outputs: [{ name: 'INT', type: 'INT', links: [30, 31], widget: { name: 'width' }, slot_index: 0 }],
        properties: { 'Run widget replace on values': false }, widgets_values: [768, 'fixed'] });
      find(14).inputs.push(
        { name: 'width', type: 'INT', link: 30, widget: { name: 'width' } },
        { name: 'height', type: 'INT', link: 31, widget: { name: 'height' } },
        { name: 'steps', type: 'INT', link: null, widget: { name: 'steps' } });
      old.links.push([30, 20, 0, 14, 2, 'INT'], [31, 20, 0, 14, 3, 'INT']);
      old.last_node_id = 20;
      old.last_link_id = 31;
      return old;
    },
    async subgraph() {
      const parts = await small();
      subgraphOf(parts.encode, parts.glm);
    },
    async subgraph_with_inputs_and_outputs() {
      const parts = await small();
      subgraphOf(parts.sampler, parts.decode);
    },
    async subgraph_nested() {
      const parts = await small();
      const inner = subgraphOf(parts.encode, parts.glm);
      subgraphOf(inner.node, parts.sampler, lora(parts));
    },
    async subgraph_promoted_widgets() {
      const parts = await small();
      const { subgraph, node: host } = subgraphOf(parts.encode, parts.glm);
      const inner = subgraph.nodes.find((each) => each.type === 'KolorsTextEncode');
      promote(subgraph, inner, 'prompt');
      promote(subgraph, inner, 'num_images_per_prompt');
      widget(host, 'prompt').value = '提升的提示词';
      widget(host, 'num_images_per_prompt').value = 2;
    },
    // Two nodes of one subgraph, each with values of its own.
    async subgraph_twice() {
      const parts = await small();
      const { subgraph, node: host } = subgraphOf(parts.encode, parts.glm);
      const inner = subgraph.nodes.find((each) => each.type === 'KolorsTextEncode');
      promote(subgraph, inner, 'prompt');
      widget(host, 'prompt').value = 'the first';
      const second = add(subgraph.id, 520, 900);
      widget(second, 'prompt').value = 'the second';
      const sampler = add('KolorsSampler', 1011, 900, { seed: 7 });
      widget(sampler, 'control_after_generate').value = 'fixed';
      connect(parts.model, 0, sampler, 'kolors_model');
      connect(second, 0, sampler, 'kolors_embeds');
      const decode = add('VAEDecode', 1368, 900);
      connect(sampler, 0, decode, 'samples');
      connect(parts.vae, 0, decode, 'vae');
      connect(decode, 0, parts.save, 'images');
    },
    async subgraph_nested_promoted_widgets() {
      const parts = await small();
      const { subgraph, node: host } = subgraphOf(parts.encode, parts.glm);
      const inner = subgraph.nodes.find((each) => each.type === 'KolorsTextEncode');
      promote(subgraph, inner, 'prompt');
      widget(host, 'prompt').value = 'of the inner';
      const outer = subgraphOf(host, parts.sampler);
      const within = outer.subgraph.nodes.find((each) => each.type === subgraph.id);
      promote(outer.subgraph, within, 'prompt');
      const sampler = outer.subgraph.nodes.find((each) => each.type === 'KolorsSampler');
      promote(outer.subgraph, sampler, 'seed');
      widget(outer.node, 'prompt').value = 'of the outer';
      widget(outer.node, 'seed').value = 77;
    },
    // A link into a promoted widget.
    async subgraph_linked_widget() {
      const parts = await small();
      const { subgraph, node: host } = subgraphOf(parts.sampler, parts.decode);
      const inner = subgraph.nodes.find((each) => each.type === 'KolorsSampler');
      promote(subgraph, inner, 'steps');
      promote(subgraph, inner, 'cfg');
      widget(host, 'cfg').value = 3.5;
      const probe = add('ConversionProbe', 300, 900);
      connect(probe, 'count', host, 'steps');
    },
    async subgraph_with_a_primitive() {
      const parts = await small();
      const seed = add('PrimitiveNode', 700, 900);
      connect(seed, 0, parts.sampler, 'seed');
      seed.widgets[0].value = 4711;
      widget(seed, 'control_after_generate').value = 'fixed';
      const route = add('Reroute', 850, 400);
      connect(parts.model, 0, route, 0);
      connect(route, 0, parts.sampler, 'kolors_model');
      const { subgraph } = subgraphOf(parts.sampler, seed, route);
      subgraph.nodes.find((each) => each.type === 'PrimitiveNode').widgets[0].value = 815;
    },
    async subgraph_bypassed() {
      const parts = await small();
      const loader = lora(parts);
      const second = add('LoadKolorsLoRA', 760, 300, { lora_path: 'second.safetensors' });
      connect(loader, 0, second, 'kolors_model');
      connect(second, 0, parts.sampler, 'kolors_model');
      subgraphOf(loader, second).node.mode = BYPASSED;
    },
    async subgraph_muted() {
      const parts = await small();
      const scale = add('ImageScale', 1600, 369);
      connect(parts.decode, 0, scale, 'image');
      connect(scale, 0, parts.save, 'images');
      subgraphOf(scale, parts.save).node.mode = MUTED;
    },
    async subgraph_with_a_bypassed_node() {
      const parts = await small();
      const loader = lora(parts);
      loader.mode = BYPASSED;
      subgraphOf(loader, parts.sampler);
    },
    // As pages of 2025 saved widgets that a subgraph's node shows.
    async subgraph_proxy_widgets() {
      const parts = await small();
      const { node: host } = subgraphOf(parts.encode, parts.glm);
      const saved = app.graph.serialize();
      const of = saved.nodes.find((each) => each.type === host.type);
      of.properties = { proxyWidgets: [['12', 'prompt'], ['13', 'precision']] };
      of.widgets_values = ['über den Stellvertreter', 'quant8'];
      return saved;
    },
    async notes() {
      const parts = await small();
      add('Note', 200, 700).widgets[0].value = 'a note';
      add('MarkdownNote', 200, 900).widgets[0].value = '# 注意\n*text*';
    },
    async two_outputs() {
      const parts = await small();
      const probe = add('ConversionProbe', 300, 900);
      connect(parts.decode, 0, probe, 'picture');
      connect(probe, 'picture', parts.save, 'images');
      connect(probe, 'picture', parts.preview, 'images');
      connect(probe, 'count', parts.sampler, 'seed');
    },
    async combo() {
      const parts = await small();
      add('ConversionProbe', 300, 900, { choice: 'three' });
      widget(parts.sampler, 'scheduler').value = 'UniPCMultistepScheduler';
    },
    // A value that is not among those on offer is posted as it is.
    async combo_value_not_on_offer() {
      const parts = await small();
      widget(parts.vae, 'vae_name').value = 'another.vae.safetensors';
      const saved = app.graph.serialize();
      return saved;
    },
    // Widgets that stand in no list of values have their default; values over are left alone.
    async fewer_and_more_values() {
      const saved = copy(published.kolors_example);
      saved.nodes.find((each) => each.id === 14).widgets_values = [512, 640, 5];
      saved.nodes.find((each) => each.id === 12).widgets_values = ['one', 'two', 3, 'four', 5];
      delete saved.nodes.find((each) => each.id === 13).widgets_values;
      return saved;
    },
    async version_1() {
      const parts = await small();
      lora(parts);
      app.graph.createReroute([700, 420], app.graph.links.get(parts.sampler.inputs[1].link));
      return app.graph.asSerialisable();
    },
    async control_after_generate() {
      const parts = await small();
      widget(parts.sampler, 'control_after_generate').value = 'increment';
      widget(parts.sampler, 'seed').value = 99;
      const probe = add('ConversionProbe', 300, 900, { count: 4 });
      widget(probe, 'control_after_generate').value = 'randomize';
    },
    // As some extensions save theirs. The page takes the values in their order, whatever their names.
    async widgets_values_as_object() {
      const parts = await small();
      const saved = app.graph.serialize();
      const sampler = saved.nodes.find((each) => each.id === 14);
      sampler.widgets_values = { width: 512, height: 768, seed: 11, control_after_generate: 'fixed', steps: 9, cfg: 4.25,
        scheduler: 'DEISMultistepScheduler', denoise_strength: 0.5 };
      delete sampler.widgets_values_named;
      return saved;
    },
    // A page of 2026 saves the values by name, too; those in the list count.
    async widgets_values_named() {
      const parts = await small();
      const saved = app.graph.serialize();
      const sampler = saved.nodes.find((each) => each.id === 14);
      sampler.widgets_values_named = { ...sampler.widgets_values_named, steps: 3, cfg: 1.5 };
      return saved;
    },
    // Old files keep a place among the values for an input that is a socket only.
    async forced_input_with_a_place() {
      const parts = await small();
      const probe = add('ConversionProbe', 300, 900);
      const saved = app.graph.serialize();
      const of = saved.nodes.find((each) => each.type === 'ConversionProbe');
      of.widgets_values = ['three', ['b'], 8, 'fixed', 1, false, 'the text', 'dynamic', 0.25];
      delete of.widgets_values_named;
      return saved;
    },
    async value_list() {
      const parts = await small();
      add('ConversionProbe', 300, 900, { several: ['a', 'c'] });
    },
    async titles_and_colours() {
      const parts = await small();
      parts.sampler.title = '采样器 "α"';
      parts.encode.title = '';
      parts.model.color = '#223';
      app.graph.add(new LiteGraph.LGraphGroup('a group'));
    },
    // What the registry of nodes writes into a node.
    async pack_identity() {
      const saved = copy(published.kolors_example);
      const sampler = saved.nodes.find((each) => each.id === 14);
      Object.assign(sampler.properties, { cnr_id: 'comfyui-kwaikolorswrapper', ver: '1.0.2', aux_id: 'kijai/wrapper' });
      saved.nodes.find((each) => each.id === 12).properties.ver = 'not a version';
      return saved;
    },
    // What the page writes in a file's name for values of other nodes.
    async file_name_from_widgets() {
      const parts = await small();
      parts.encode.title = 'Words';
      widget(parts.save, 'filename_prefix').value = 'k/%KolorsSampler.seed%_%Words.num_images_per_prompt%_%Words.prompt%_%nobody.at%_%width%';
    },
    async comments_in_dynamic_prompts() {
      const parts = await small();
      add('ConversionProbe', 300, 900, { dynamic: 'a {single} thing // and a comment\n/* more */ of \\{two\\} lines' });
    },
    async unconnected_and_any() {
      const parts = await small();
      const probe = add('ConversionProbe', 300, 900);
      connect(parts.vae, 0, probe, 'any');
      const upscale = add('LatentUpscale', 900, 900);
      const empty = add('EmptyLatentImage', 600, 1200, { batch_size: 2 });
      connect(empty, 0, upscale, 'samples');
    },
    // A class that the server does not know.
    async unknown_class() {
      const saved = copy(published.kolors_example);
      const preview = saved.nodes.find((each) => each.id === 3);
      preview.type = 'NodeOfNobody';
      preview.properties = {};
      preview.widgets_values = ['kept', 1];
      return saved;
    },
    // Links that no node knows of, and an input whose link is not there. (Where a link's node is gone, the page
    // throws an InvalidLinkError and posts nothing.)
    async broken_links() {
      const saved = copy(published.kolors_example);
      saved.links.push([90, 6, 0, 14, 2, 'KOLORSMODEL'], [91, 700, 0, 800, 0, 'LATENT']);
      saved.links = saved.links.filter((each) => each[0] !== 14);
      return saved;
    },
    async lone_nodes() {
      await open({ version: 0.4, nodes: [], links: [], groups: [], config: {}, extra: {}, last_node_id: 0, last_link_id: 0 });
      add('SaveImage', 100, 100);
      add('VAELoader', 100, 300);
    },
  };
};
