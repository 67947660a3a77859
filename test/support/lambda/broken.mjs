// A function whose bundle cannot be loaded.
throw Object.assign(new Error('no configuration'), { name: 'ConfigurationMissing' });
