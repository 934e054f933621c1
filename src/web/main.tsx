import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { App } from './shell/App.tsx';
import './theme/tokens.css';
import './theme/base.css';
import './theme/print.css';

const root = document.getElementById('root');
if (root === null) throw new Error('the page has no #root');

const client = new QueryClient({
  // The hub is on the local network or gone: the interface says so at once rather than trying quietly for a minute.
  defaultOptions: {
    queries: { retry: 1, networkMode: 'always', staleTime: 5_000 },
    mutations: { networkMode: 'always' },
  },
});

createRoot(root).render(
  <StrictMode>
    <QueryClientProvider client={client}>
      <App />
    </QueryClientProvider>
  </StrictMode>,
);
