import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

// `PENSTOCK_CONTROL_PLANE_URL` points the development server at a running control plane.
const controlPlane = process.env.PENSTOCK_CONTROL_PLANE_URL ?? 'http://127.0.0.1:3000';

export default defineConfig({
  plugins: [react()],
  build: {
    // Data URIs and inline scripts would need exceptions in the content security policy.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 800,
  },
  server: { host: '127.0.0.1', proxy: { '/api': controlPlane } },
});
